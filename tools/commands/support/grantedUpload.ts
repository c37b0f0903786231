import type { UploadGrant } from "../../../handlers/protocol/uploadProcess";

/**
 * Sends a file as `POST /uploads` granted it, straight to S3.
 * @returns S3's answer: 204 to a form, 200 to a PUT
 * @example
 * const body = Buffer.from(JSON.stringify({ object: "photo.jpg" }));
 * const granted = await service.call("POST", "/uploads", { body });
 * const { ok } = await sendGranted((await granted.json()) as UploadGrant, readFileSync("photo.jpg"));
 */
export function sendGranted(grant: UploadGrant, body: Uint8Array): Promise<Response> {
  const file = body as Uint8Array<ArrayBuffer>;
  if (grant.method === "PUT") return fetch(grant.url, { method: "PUT", headers: grant.headers, body: file });
  const form = new FormData();
  for (const [name, value] of Object.entries(grant.fields)) form.append(name, value);
  form.append("file", new Blob([file]));
  return fetch(grant.url, { method: "POST", body: form });
}

import { createReadStream } from "node:fs";
import { Readable } from "node:stream";

import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import type { UploadGrant } from "../../../handlers/protocol/uploadProcess";
import type { ImageApi } from "../support/imageApi";
import type { FileToSend } from "./files";
import { refusalOf } from "./service";

/** Fields of `POST /uploads` that stay with the image. */
export type Details = Pick<ImageStatus, "metadata" | "focus">;

/**
 * Uploads one file straight to S3, as `POST /uploads` grants it.
 * @param progress hears how many more bytes were read
 * @returns the upload's version id
 */
export async function sendFile(
  api: ImageApi,
  { path, name, bytes, metadata, focus }: FileToSend & Details,
  progress: (bytes: number) => void,
): Promise<string> {
  if (bytes === 0) throw new Error("the file is empty");
  const granted = await api.grant({ object: name, method: "PUT", bytes, metadata, focus });
  if (granted.status !== 201) throw refusalOf(granted);
  const grant = JSON.parse(granted.text) as UploadGrant & { method: "PUT" };
  const file = createReadStream(path).on("data", (chunk) => progress(chunk.length));
  const response = await fetch(grant.url, {
    method: "PUT",
    headers: { ...grant.headers, "content-length": String(bytes) },
    body: Readable.toWeb(file) as ReadableStream<Uint8Array>,
    duplex: "half",
  });
  const text = await response.text();
  if (response.ok) return response.headers.get("x-amz-version-id") ?? "";
  throw new Error(
    `S3 answered ${response.status}: ${/<Message>(.*?)<\/Message>/.exec(text)?.[1] ?? text.slice(0, 200)}`,
  );
}

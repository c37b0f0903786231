import type { Image, Upload } from "./shapes";

/** Whether an upload became READY, FAILED or REJECTED. */
export async function isDecided(image: Image, { versionId, before }: Upload): Promise<boolean> {
  // The image before it is served until the new one is READY.
  const { status, generation = "" } = image.pending ?? image;
  // A generation's first digits identify its upload.
  if (generation.startsWith(await uploadTag(versionId))) return status !== "PROCESSING";
  return image.reason !== undefined && image.updatedAt !== before;
}

async function uploadTag(versionId: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(versionId));
  return Array.from(new Uint8Array(hash.slice(0, 8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

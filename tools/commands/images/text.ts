import type { Image, ListedImage } from "../../../client";
import { columns } from "../support/columns";

/** `655 kB`, `3.8 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** An image's status in one line: `photo.jpg  READY  4032×3024 jpeg, 3.8 MB`; of the upload after it, if that is pending. */
export function statusLine(image: Image): string {
  const { object, status, width, height, format, bytes, reason, pending } = image;
  const original = width === undefined ? "" : `${width}×${height ?? 0} ${format ?? ""}, ${sizeText(bytes ?? 0)}`;
  const after = pending && `the upload after it: ${pending.status}`;
  return [object, status, original, reason, after, pending?.reason].filter(Boolean).join("  ");
}

/** A line for each image of a list: when it was first uploaded, its name, status, size, and why it is not better. */
export function listText(images: ListedImage[]): string {
  const rows = images.map(({ object, status, width, height, format, bytes, createdAt, reason, pending }) => [
    createdAt,
    object,
    pending ? `${status}, then ${pending.status}` : status,
    width === undefined ? "" : `${width}×${height ?? 0} ${format ?? ""}, ${sizeText(bytes ?? 0)}`,
    reason ?? pending?.reason ?? "",
  ]);
  return columns(rows).join("\n");
}

/** {@link statusLine}, a line for each of the details that came with the upload, and one for each rendition. */
export function imageText(image: Image): string {
  const renditions = image.renditions.map(({ imageType, width, height, format, bytes, url }) => [
    `  ${imageType}`,
    `${width}×${height}`,
    format,
    sizeText(bytes),
    url,
  ]);
  const { metadata, focus, placeholder, dominantColour } = image;
  const details = [
    ...(metadata ? [`  metadata ${JSON.stringify(metadata)}`] : []),
    ...(focus ? [`  focus ${focus.x},${focus.y}`] : []),
    ...(placeholder && dominantColour ? [`  placeholder ${placeholder}, most of it ${dominantColour}`] : []),
  ];
  return [statusLine(image), ...details, ...columns(renditions)].join("\n");
}

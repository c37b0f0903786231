import type { ImageDetails, PartDetails, ShownImage } from "../shapes.ts";

/** The header that the console's server asks of requests that change something. */
export const customHeader = { "x-snail-console": "1" };

const about = (path: string, name: string): string => `${path}?name=${encodeURIComponent(name)}`;

export const uploadPath = (name: string): string => about("/upload", name);

/** The path of a rendition's picture, or of the original's as `raw`. */
export function picturePath({ name, generation = "" }: ShownImage, type: string, format: string): string {
  return `/picture?${new URLSearchParams({ name, generation, type, format }).toString()}`;
}

/** @throws Error with the service's message */
export async function deleteImage(name: string): Promise<void> {
  const response = await fetch(about("/delete", name), { method: "POST", headers: customHeader });
  if (!response.ok) throw new Error(messageIn(await response.text()));
}

export async function readDetails(name: string): Promise<ImageDetails> {
  const response = await fetch(about("/image", name));
  if (!response.ok) throw new Error(messageIn(await response.text()));
  return (await response.json()) as ImageDetails;
}

export async function readPart(name: string): Promise<PartDetails> {
  const response = await fetch(about("/part", name));
  if (!response.ok) throw new Error(messageIn(await response.text()));
  return (await response.json()) as PartDetails;
}

export interface LinkedImage {
  renditions: { imageType: string; url: string; format: string; width: number; height: number }[];
}

/** The answer of `GET /raw/{object}`, with a URL for each rendition. */
export async function readStatus(name: string): Promise<LinkedImage> {
  const response = await fetch(about("/status", name));
  if (!response.ok) throw new Error(messageIn(await response.text()));
  return (await response.json()) as LinkedImage;
}

/** The message of an error's body. */
export function messageIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error: string | { message: string } };
    return typeof error === "string" ? error : error.message;
  } catch {
    return body;
  }
}

import type { ImageDetails, PartDetails, ShownImage } from "../shapes.ts";

/** The header that the console's server asks of requests that change something. */
export const customHeader = { "x-snail-console": "1" };

const withQuery = (path: string, query: Record<string, string>): string =>
  `${path}?${new URLSearchParams(query).toString()}`;

export const uploadPath = (name: string): string => withQuery("/upload", { name });

/** The path of a rendition's picture, or of the original's as `raw`. */
export function picturePath({ name, generation = "" }: ShownImage, type: string, format: string): string {
  return withQuery("/picture", { name, generation, type, format });
}

/** The path of a picture for a tile. */
export const thumbnailPath = ({ name, generation = "" }: ShownImage): string =>
  withQuery("/thumbnail", { name, generation });

/** The answer to a question. @throws Error with the service's message */
export const read = <Answer>(path: string, query: Record<string, string> = {}): Promise<Answer> =>
  call(withQuery(path, query), { method: "GET" });

/** Has something done. @throws Error with the service's message */
export const post = <Answer>(path: string, query: Record<string, string>): Promise<Answer> =>
  call(withQuery(path, query), { method: "POST", headers: customHeader });

async function call<Answer>(url: string, how: RequestInit): Promise<Answer> {
  const response = await fetch(url, how);
  if (!response.ok) throw new Error(messageIn(await response.text()));
  return (await response.json()) as Answer;
}

/** @throws Error with the service's message */
export const deleteImage = (name: string): Promise<object> => post("/delete", { name });

export const readDetails = (name: string): Promise<ImageDetails> => read("/image", { name });

export const readPart = (name: string): Promise<PartDetails> => read("/part", { name });

export interface LinkedImage {
  renditions: { imageType: string; url: string; format: string; width: number; height: number }[];
}

/** The answer of `GET /raw/{object}`, with a URL for each rendition. */
export const readStatus = (name: string): Promise<LinkedImage> => read("/status", { name });

/** The message of an error's body. */
export function messageIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error: string | { message: string } };
    return typeof error === "string" ? error : error.message;
  } catch {
    return body;
  }
}

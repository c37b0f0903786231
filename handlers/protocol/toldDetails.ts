import type { UploadDetails } from "./uploadDetails";
import type { Focus, Preview, StoredRendition } from "../records";

/** The details that came with an upload; its metadata as the object that it was. */
export function toldDetails({ metadata, focus }: UploadDetails): { metadata?: Record<string, unknown>; focus?: Focus } {
  return {
    ...(metadata !== undefined && { metadata: JSON.parse(metadata) as Record<string, unknown> }),
    ...(focus && { focus }),
  };
}

/** A generation's preview, as far as it has one: earlier releases made none. */
export const toldPreview = ({ placeholder, dominantColour }: Partial<Preview>): Partial<Preview> => ({
  ...(placeholder && { placeholder }),
  ...(dominantColour && { dominantColour }),
});

/** A rendition as clients are told it: how it is stored is not theirs to know. */
export const toldRendition = ({ imageType, format, bytes, width, height }: StoredRendition) => ({
  imageType,
  format,
  bytes,
  width,
  height,
});

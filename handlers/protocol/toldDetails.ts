import type { UploadDetails } from "./uploadDetails";
import type { Focus } from "../records";

/** The details that came with an upload; its metadata as the object that it was. */
export function toldDetails({ metadata, focus }: UploadDetails): { metadata?: Record<string, unknown>; focus?: Focus } {
  return {
    ...(metadata !== undefined && { metadata: JSON.parse(metadata) as Record<string, unknown> }),
    ...(focus && { focus }),
  };
}

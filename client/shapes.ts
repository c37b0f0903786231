import type { components } from "./schema";

/** The answer of `GET /raw/{object}`. */
export type Image = components["schemas"]["Image"];
/** One of the images that `GET /raw` lists: the same, with its renditions only where these were asked for. */
export type ListedImage = components["schemas"]["ListedImage"];
/** How to send one upload by a PUT. */
export type Grant = components["schemas"]["PutGrant"];

/** An upload that S3 has stored. */
export interface Upload {
  /** The image's name. */
  object: string;
  /** S3's version of it: two uploads of one name differ in it. */
  versionId: string;
  /** When the image that had the name was last changed. */
  before?: string;
}

import type { ImageFormat, RenditionFormat, RenditionSpec, UploadLimits } from "./imageTypes";
import type { UploadedBytes } from "./ports";
import type { Focus, Preview } from "./records";

/** The work on images, through which the handlers reach `handlers/image/`: the fault search has its own. */

/** The result of reading an upload's header. */
export type Inspection =
  /** Sides in pixels as the picture is most likely shown: only decoding shows it. */
  | { ok: true; format: ImageFormat; width: number; height: number }
  /** `cause` is a short stable word: `truncated`; `reason` is a sentence that says what to do. */
  | { ok: false; cause: string; reason: string };
/**
 * Decides whether an upload is taken in, from as little of it as that needs. Goes by content, never by name, and does not
 * decode pixels. Resolves with undefined where the upload is gone.
 */
export type InspectUpload = (upload: UploadedBytes, limits: UploadLimits) => Promise<Inspection | undefined>;

export interface Rendition {
  spec: RenditionSpec;
  /** The one before it that has the same body: a single object is stored for both. */
  sameAs?: RenditionSpec;
  /** One of those that the spec's format may become. */
  format: RenditionFormat;
  body: Uint8Array;
  /** Pixels. */
  width: number;
  height: number;
}
/**
 * Makes all renditions of an original and hands each to `store` as it is done; resolves once all are stored. An
 * original that cannot be decoded resolves with the reason, another one with its preview and the sides, in pixels, that it
 * is shown with; a failing `store` rejects.
 */
export type MakeRenditions = (
  original: Uint8Array,
  specs: RenditionSpec[],
  store: (rendition: Rendition) => Promise<void>,
  focus?: Focus,
) => Promise<Rendered>;
/** `cause` is a short stable word, `undecodable` a sentence for the uploader. */
export type Rendered =
  | { undecodable: string; cause: string; preview?: undefined }
  | { undecodable?: undefined; preview: Preview; width: number; height: number };

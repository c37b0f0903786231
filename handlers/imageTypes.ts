/** Formats that originals may have and renditions are made in. */
export type ImageFormat = "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff";
export type RenditionFormat = "jpeg" | "webp" | "avif" | "png";

/** One rendition to be made of an original. */
export interface RenditionSpec {
  /** The configured name: `large`. Lower-case letters, digits and dashes; never `raw`. */
  imageType: string;
  /** Box in pixels. */
  width: number;
  height: number;
  /** `inside` keeps the whole picture within the box; `cover` fills the box and crops. */
  fit: "inside" | "cover";
  format: RenditionFormat;
  /** 1 to 100. PNG is lossless and ignores it. */
  quality: number;
  /** Whether a smaller original is enlarged to the box. Default: no. */
  enlarge?: boolean;
}

/** File extension of each format, without a dot. */
export const extensions: Record<ImageFormat, string> = {
  jpeg: "jpg",
  png: "png",
  webp: "webp",
  avif: "avif",
  gif: "gif",
  tiff: "tiff",
};

export const contentTypes: Record<ImageFormat, string> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
  gif: "image/gif",
  tiff: "image/tiff",
};

/** The bounds within which an upload is accepted. */
export interface UploadLimits {
  acceptedFormats: ImageFormat[];
  /** File extensions that a name may have, lower case, without a dot. */
  acceptedExtensions: string[];
  maxBytes: number;
  /** Width × height. */
  maxPixels: number;
}

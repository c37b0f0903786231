/** Formats that originals may have. */
export const imageFormats = ["jpeg", "png", "webp", "avif", "gif", "tiff"] as const;
export type ImageFormat = (typeof imageFormats)[number];
/** Formats in which renditions are made. */
export const renditionFormats = ["jpeg", "webp", "avif", "png", "gif"] as const;
export type RenditionFormat = (typeof renditionFormats)[number];
/** Formats of an image type. `auto` is the one that a picture needs. */
export const imageTypeFormats = ["auto", ...renditionFormats] as const;
type ImageTypeFormat = (typeof imageTypeFormats)[number];
/** The formats that `auto` becomes. A picture that moves is WebP too. */
export const autoFormats = { opaque: "jpeg", transparent: "webp" } as const;
/** Formats of an image type that keeps animations. */
export const movingFormats = ["auto", "webp", "gif"] as const satisfies readonly ImageTypeFormat[];

/** The formats that a rendition may come to have. */
export function possibleFormats(format: ImageTypeFormat): RenditionFormat[] {
  return format === "auto" ? Object.values(autoFormats) : [format];
}
/** The format of a rendition of a picture that is opaque, or is not. */
export const formatFor = (format: ImageTypeFormat, opaque: boolean): RenditionFormat =>
  format === "auto" ? autoFormats[opaque ? "opaque" : "transparent"] : format;
/** `inside` keeps the whole picture within the box; `cover` fills the box and crops. */
export const fits = ["inside", "cover"] as const;
/** The part of the picture that `cover` keeps. `attention` and `entropy` are sharp's; `focus` is the image's own. */
export const positions = ["centre", "attention", "entropy", "focus"] as const;

/** One rendition to be made of an original. An image type has one in each of its formats. */
export interface RenditionSpec {
  /** The configured name: `large`. Lower-case letters, digits and dashes; never `raw`. */
  imageType: string;
  /** The box, in pixels. A side that is left out has the most that is allowed. */
  width: number;
  height: number;
  fit: (typeof fits)[number];
  /** Default: `centre`. */
  position?: (typeof positions)[number];
  format: ImageTypeFormat;
  /** 1 to 100. PNG is lossless and ignores it, and so does GIF. */
  quality: number;
  /** Whether a smaller original is enlarged to the box. Default: no. */
  enlarge?: boolean;
  /** An animation keeps all its frames; else it is the first. Only with formats that can move. */
  animated?: true;
}

/** Defaults of an image type's properties. */
export const imageTypeDefaults = {
  width: 10_000,
  height: 10_000,
  fit: "inside",
  position: "centre",
  formats: ["auto"],
  quality: 80,
  enlarge: false,
  animated: false,
} as const;

/** An image type's properties as they are configured: one side or two, one format or a list of them. */
interface ConfiguredImageType extends Omit<RenditionSpec, "imageType" | "width" | "height" | "format" | "animated"> {
  width?: number;
  height?: number;
  format?: ImageTypeFormat;
  formats?: ImageTypeFormat[];
  animated?: boolean;
}

/** The renditions of an image type, in the order of its formats. */
export function specsOf(
  imageType: string,
  { format, formats, animated, ...type }: ConfiguredImageType,
): RenditionSpec[] {
  const all = formats ?? (format === undefined ? imageTypeDefaults.formats : [format]);
  const { width, height } = imageTypeDefaults;
  // Left out where it is not so: records have the specs, and their size is paid for.
  const motion = animated ? { animated } : {};
  return all.map((each) => ({ imageType, width, height, ...type, ...motion, format: each }));
}

/**
 * Image types as JSON for an environment variable. Defaults are left out, because Lambda takes 4 KB of variables; the
 * function that reads them fills them in.
 */
export function imageTypesJson(specs: readonly RenditionSpec[]): string {
  const types = new Map<string, Omit<RenditionSpec, "format"> & { formats: ImageTypeFormat[] }>();
  for (const { format, ...type } of specs) {
    const known = types.get(type.imageType);
    if (known) known.formats.push(format);
    else types.set(type.imageType, { ...type, formats: [format] });
  }
  const isDefault = ([property, value]: [string, unknown]) =>
    JSON.stringify(value) === JSON.stringify(imageTypeDefaults[property as keyof typeof imageTypeDefaults]);
  return JSON.stringify(
    [...types.values()].map((type) => Object.fromEntries(Object.entries(type).filter((entry) => !isDefault(entry)))),
  );
}

/** The extensions that an upload's name may have, by its format. */
export const spellings: Record<ImageFormat, string[]> = {
  jpeg: ["jpg", "jpeg"],
  png: ["png"],
  webp: ["webp"],
  avif: ["avif"],
  gif: ["gif"],
  tiff: ["tif", "tiff"],
};
/** The extension of a stored object, without a dot. */
export const extensionOf = (format: ImageFormat): string => (format === "jpeg" ? "jpg" : format);
export const contentTypeOf = (format: ImageFormat): string => `image/${format}`;

/** The bounds within which an upload is accepted. */
export interface UploadLimits {
  acceptedFormats: ImageFormat[];
  /** File extensions that a name may have, lower case, without a dot. */
  acceptedExtensions: string[];
  maxBytes: number;
  /** Width × height. */
  maxPixels: number;
  /** Width, and height. */
  maxSide: number;
  /** The long side as a multiple of the short one. */
  maxProportion: number;
}

/** The widest bounds that can be configured. Each original is within them, whatever is configured since it was taken in. */
export const widestLimits: UploadLimits = {
  acceptedFormats: [...imageFormats],
  acceptedExtensions: [],
  maxBytes: 104_857_600,
  maxPixels: 100_000_000,
  maxSide: 65_535,
  maxProportion: 65_535,
};

/** Limits of the decoder's process for one original. It is stopped where it takes more. */
export const decoderLimits = {
  /** Resident memory of the process, MiB. The largest AVIFs take most: 19 bytes a pixel. */
  memoryMiB: 896,
  /** CPU and elapsed time, milliseconds. Less than a whole processor comes with the function's memory. */
  still: { cpuMs: 2_000, elapsedMs: 25_000 },
  /** Where an image type keeps the frames of animations. */
  animated: { cpuMs: 10_000, elapsedMs: 60_000 },
};

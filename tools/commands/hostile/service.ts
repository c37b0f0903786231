import { imageFormats, type RenditionSpec, type UploadLimits } from "../../../handlers/imageTypes";

/** The service's limits, with every format that it can accept. */
export const limits: UploadLimits = {
  acceptedFormats: [...imageFormats],
  acceptedExtensions: [],
  maxBytes: 104_857_600,
  maxPixels: 100_000_000,
  maxSide: 65_535,
  maxProportion: 10_000,
};

const inside = (edge: number): RenditionSpec => ({
  imageType: `e${edge}`,
  width: edge,
  height: edge,
  fit: "inside",
  format: "auto",
  quality: 80,
});
/** The default image types, and one that crops and enlarges. */
export const imageTypes: RenditionSpec[] = [
  ...[2016, 1280, 640, 320, 160].map(inside),
  { imageType: "square", width: 400, height: 400, fit: "cover", format: "webp", quality: 80, enlarge: true },
];
const moving = { ...inside(640), imageType: "moving", animated: true as const };
/** The same, and one that keeps animations. */
export const animatedTypes: RenditionSpec[] = [
  ...imageTypes,
  { ...moving, format: "webp" },
  { ...moving, format: "gif" },
];

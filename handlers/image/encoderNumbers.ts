/** Formats whose encoders count otherwise than JPEG's does. */
type Format = keyof typeof sameLooks;

/**
 * The number with which an encoder makes a picture look as much like its original as JPEG of this quality does: 1 to 100.
 */
export function encoderNumber(format: Format, quality: number): number {
  const numbers = sameLooks[format];
  const above = qualities.findIndex((each) => each >= quality);
  const [low = 0, high = 0] = [qualities[above - 1] ?? qualities[0], qualities[above]];
  const [from = 0, to = 0] = [numbers[above - 1] ?? numbers[0], numbers[above]];
  return Math.round(from + ((to - from) * (quality - low)) / Math.max(1, high - low));
}

/**
 * Qualities, and the numbers of equal MS-SSIM, on the average of two photos; between them the way is straight. Measured by
 * `npx snail bench quality` on 2026-11-25 with sharp 0.35.5 and the efforts of encode.ts.
 */
const qualities = [1, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 100];
const sameLooks = {
  webp: [1, 4, 18, 32, 43, 54, 66, 77, 80, 83, 87, 91, 96, 100],
  avif: [1, 12, 28, 37, 42, 46, 51, 57, 61, 67, 74, 82, 91, 99],
};

import sharp from "sharp";
import { filesOf, type HostileFile } from "./file";
import { gifAnimation } from "./gif";
import { noise } from "./pictures";
import * as webp from "./webp";

/** Frames in which nothing stays as it was. */
async function noisy(count: number, side: number, format: "webp" | "gif"): Promise<Buffer> {
  const all = await noise(side, side + count)
    .raw()
    .toBuffer();
  const row = side * 3;
  const frames = Array.from({ length: count }, (_, i) => all.subarray(i * row, (i + side) * row));
  return sharp(Buffer.concat(frames), { raw: { width: side, height: side * count, channels: 3, pageHeight: side } })
    .toFormat(format, { effort: 1 })
    .toBuffer();
}

const formats = {
  webp: webp.animation,
  gif: gifAnimation,
};

/** Animations for image types that keep them: just within the bounds, and just beyond. */
export const animations = (): HostileFile[] =>
  (["webp", "gif"] as const).flatMap((format) => {
    const file = (...[what, outcome, body]: Parameters<ReturnType<typeof filesOf>>): HostileFile => ({
      ...filesOf(format)(`${what}, kept`, outcome, body),
      animated: true,
    });
    const animation = formats[format];
    return [
      ...[16, 34].map((count) => file(`${count} frames on 1 MP`, "READY", () => animation(count, 1000, 1))),
      ...[50, 51].map((count) => file(`${count} frames on 1 MP`, "FAILED", () => animation(count, 1000, 1))),
      file("2 frames on 25 MP", "READY", () => animation(2, 5000, 1)),
      file("2 frames of 100 MP", "not READY", () => animation(2, 10_000, 10_000)),
      file("3000 frames of 1 by 1", "READY", () => animation(3000, 1, 1)),
      file("30 frames of noise", "READY", () => noisy(30, 640, format)),
      file("40 frames of noise", "FAILED", () => noisy(40, 640, format)),
    ];
  });

import sharp from "sharp";
import { ascii, u8 } from "./bytes";
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

/** The last frame lacks half of its blocks, which have 255 bytes each. */
async function cutGif(): Promise<Buffer> {
  const body = await noisy(3, 160, "gif");
  // Between an extension and a palette of its own.
  const last = body.lastIndexOf(u8(0x2c, 0, 0, 0, 0, 160, 0, 160, 0));
  const blocks = last + 11 + (((body[last + 9] ?? 0) & 0x80) > 0 ? 3 * 2 ** (((body[last + 9] ?? 0) & 7) + 1) : 0);
  return Buffer.concat([body.subarray(0, blocks + 256 * 20), u8(0, 0x3b)]);
}

const kept = (file: HostileFile): HostileFile => ({ ...file, name: file.name.replace(".", ", kept."), animated: true });

const formats = {
  webp: webp.animation,
  gif: gifAnimation,
};

/** Animations for image types that keep them: within the limits, and beyond. */
export const animations = (): HostileFile[] => [
  ...[4, 8].map((count) =>
    kept(
      filesOf("webp")(`${count} frames of 65,536 sets of codes`, count > 4 ? undefined : "READY", () =>
        webp.animation(count, 1_024, 1_024, webp.manySets(1_024, 1_024, 65_536)),
      ),
    ),
  ),
  kept(filesOf("gif")("the last frame cut, with all marks of the end", "FAILED", cutGif)),
  kept(
    filesOf("gif")("shown 65,535 times", "READY", async () => {
      const body = await noisy(3, 160, "gif");
      const behindColours = 13 + 3 * 2 ** (((body[10] ?? 0) & 7) + 1);
      const loops = Buffer.concat([u8(0x21, 0xff, 11), ascii("NETSCAPE2.0"), u8(3, 1, 0xff, 0xff, 0)]);
      return Buffer.concat([body.subarray(0, behindColours), loops, body.subarray(behindColours)]);
    }),
  ),
  ...(["webp", "gif"] as const).flatMap((format) => {
    const file = (...made: Parameters<ReturnType<typeof filesOf>>) => kept(filesOf(format)(...made));
    const animation = formats[format];
    return [
      ...[16, 34, 51].map((count) => file(`${count} frames on 1 MP`, "READY", () => animation(count, 1000, 1))),
      file("2 frames on 25 MP", "READY", () => animation(2, 5000, 1)),
      file("2 frames of 100 MP", "not READY", () => animation(2, 10_000, 10_000)),
      file("3000 frames of 1 by 1", "READY", () => animation(3000, 1, 1)),
      file("30 frames of noise", "READY", () => noisy(30, 640, format)),
      file("40 frames of noise", undefined, () => noisy(40, 640, format)),
    ];
  }),
];

import sharp from "sharp";

import { sha256 } from "../../../handlers/protocol/generation";

/** Pictures of one colour each, so that a rendition tells which original it was made of. */
export interface Palette {
  /** @param dice a number from 0 up to 1 */
  pick(dice: number): Buffer;
  /**
   * `shows`: SHA-256 of the picture whose colour this one has, but for what JPEG loses; undefined where there is none.
   * Width and height in pixels.
   */
  look(picture: Uint8Array): Promise<{ shows: string | undefined; width: number; height: number }>;
}
type Colour = [red: number, green: number, blue: number];

/** How far the mean of a channel may be from the colour, of 255. */
const TOLERANCE = 12;

export async function makePalette(): Promise<Palette> {
  const pictures: Buffer[] = [];
  const colours = new Map<string, Colour>();
  for (const r of [20, 130, 240]) {
    for (const g of [20, 130, 240]) {
      for (const b of [20, 130, 240]) {
        const create = { width: 400, height: 300, channels: 3 as const, background: { r, g, b } };
        const picture = await sharp({ create }).jpeg({ quality: 95 }).toBuffer();
        pictures.push(picture);
        colours.set(sha256(picture), [r, g, b]);
      }
    }
  }
  return {
    pick: (dice) => pictures[Math.floor(dice * pictures.length)] ?? Buffer.alloc(0),
    async look(picture) {
      const image = sharp(picture);
      const { channels } = await image.stats();
      const { width, height } = await image.metadata();
      const shows = (colour: Colour) =>
        colour.every((value, i) => Math.abs((channels[i]?.mean ?? -1000) - value) < TOLERANCE);
      return { shows: [...colours].find(([, colour]) => shows(colour))?.[0], width, height };
    },
  };
}

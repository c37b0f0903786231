import sharp, { type OverlayOptions } from "sharp";
import type { Cell } from "./checks";

/** The sides of a tile, and how many pictures stand beside each other. */
const TILE = { width: 40, height: 30 };
const ACROSS = 4;
const GAP = 2;

/**
 * All renditions on one picture, a PNG of few colours: for each original its reference first and then its renditions in
 * the order of their image types, scaled to tiles, on a checkerboard where they are transparent.
 */
export async function contactSheet(rows: Cell[][]): Promise<Buffer> {
  const longest = Math.max(...rows.map((cells) => cells.length + 1));
  const rowWidth = longest * (TILE.width + GAP) + 4 * GAP;
  const overlays: OverlayOptions[] = [];
  for (const [i, cells] of rows.entries()) {
    const [left, top] = [(i % ACROSS) * rowWidth, Math.floor(i / ACROSS) * (TILE.height + GAP)];
    const [first] = cells;
    if (!first) continue;
    const { data, width, height } = first.reference;
    const tiles = [
      await tile(
        await sharp(data, { raw: { width, height, channels: 4 } })
          .png()
          .toBuffer(),
      ),
      ...(await Promise.all(cells.map(({ rendition }) => tile(rendition.body)))),
    ];
    overlays.push(
      ...tiles.map((input, k) => ({ input, left: left + k * (TILE.width + GAP) + (k > 0 ? GAP : 0), top })),
    );
  }
  const height = Math.ceil(rows.length / ACROSS) * (TILE.height + GAP);
  return sharp({ create: { width: ACROSS * rowWidth, height, channels: 3, background: "#ffffff" } })
    .composite(overlays)
    .png({ palette: true, colours: 128, effort: 10 })
    .toBuffer();
}

async function tile(image: Uint8Array): Promise<Buffer> {
  const scaled = await sharp(image)
    .resize({ ...TILE, fit: "contain", background: "#00000000" })
    .png()
    .toBuffer();
  const squares = Buffer.alloc(TILE.width * TILE.height * 3);
  for (let i = 0; i < TILE.width * TILE.height; i++)
    squares.fill(((i % TILE.width) >> 2) % 2 === (Math.floor(i / TILE.width) >> 2) % 2 ? 230 : 205, 3 * i, 3 * i + 3);
  return sharp(squares, { raw: { ...TILE, channels: 3 } })
    .composite([{ input: scaled }])
    .png()
    .toBuffer();
}

/** Pixels as they are to be seen: sRGB, upright, red, green, blue and alpha of 8 bits each. */
export interface Scene {
  width: number;
  height: number;
  data: Buffer;
}

export type Colour = [red: number, green: number, blue: number, alpha?: number];

function scene(width: number, height: number, colourAt: (x: number, y: number) => Colour): Scene {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha = 255] = colourAt(x, y);
      data.set([red, green, blue, alpha], (y * width + x) * 4);
    }
  return { width, height, data };
}

const corners: Colour[] = [
  [210, 60, 50],
  [60, 190, 80],
  [50, 80, 200],
  [220, 200, 90],
];

/** Another colour in each corner, a white disc on the left and a dark bar at the lower right: no two turns look alike. */
export function colours(width = 240, height = 160): Scene {
  return scene(width, height, (x, y) => {
    const [u, v] = [x / Math.max(1, width - 1), y / Math.max(1, height - 1)];
    if (Math.hypot((u - 0.3) * width, (v - 0.4) * height) < 0.15 * Math.min(width, height)) return [245, 245, 245];
    if (u > 0.6 && u < 0.9 && v > 0.75 && v < 0.85) return [30, 30, 30];
    const weights = [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v];
    const mixed = [0, 1, 2].map((i) =>
      Math.round(corners.reduce((sum, c, k) => sum + (c[i] ?? 0) * (weights[k] ?? 0), 0)),
    );
    return mixed as Colour;
  });
}

/** Four plain quarters, for files of few colours. */
export function quarters(palette: Colour[], width = 240, height = 160): Scene {
  return scene(width, height, (x, y) => palette[(x < width / 2 ? 0 : 1) + (y < height / 2 ? 0 : 2)] ?? [0, 0, 0]);
}

/** The same scene with other colours. */
export function repainted(
  { width, height, data }: Scene,
  paint: (colour: Colour, x: number, y: number) => Colour,
): Scene {
  return scene(width, height, (x, y) => {
    const [red = 0, green = 0, blue = 0, alpha] = data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4);
    return paint([red, green, blue, alpha], x, y);
  });
}

/** The pixels as a camera stores them that was held so that EXIF says this orientation. */
export function storedAs({ width: w, height: h, data }: Scene, orientation: number): Scene {
  const isTurned = orientation >= 5;
  const upright = (
    [
      (x: number, y: number) => [x, y],
      (x: number, y: number) => [w - 1 - x, y],
      (x: number, y: number) => [w - 1 - x, h - 1 - y],
      (x: number, y: number) => [x, h - 1 - y],
      (x: number, y: number) => [y, x],
      (x: number, y: number) => [w - 1 - y, x],
      (x: number, y: number) => [w - 1 - y, h - 1 - x],
      (x: number, y: number) => [y, h - 1 - x],
    ] as ((x: number, y: number) => [number, number])[]
  )[orientation - 1];
  return scene(isTurned ? h : w, isTurned ? w : h, (x, y) => {
    const [fromX, fromY] = upright?.(x, y) ?? [x, y];
    const at = (fromY * w + fromX) * 4;
    return [...data.subarray(at, at + 4)] as Colour;
  });
}

/** How each library of npm makes JPEGs of quality 80 that fit into squares, as its documentation shows it. */
import { hardenSharp } from "../../../handlers/image/harden";
import { plainSharp, renditionsOf, spec } from "..";

/** Makes the renditions of an original for each long edge. None is enlarged. */
export type Make = (original: Buffer, edges: number[]) => Promise<Uint8Array[]>;

/** The libraries by name; each is loaded with the `require` of the folder where the peers are installed. */
export const makers: Record<string, (installed: (name: string) => unknown) => Promise<Make>> = {
  "plain sharp": async () => (original, edges) =>
    Promise.all(edges.map(async (edge) => (await plainSharp(original, spec(edge))).data)),

  here: async () => {
    hardenSharp();
    return async (original, edges) => {
      const made = await renditionsOf(
        original,
        edges.map((edge) => spec(edge)),
      );
      return made.map(({ body }) => body);
    };
  },

  jimp: async (installed) => {
    const { Jimp } = installed("jimp") as { Jimp: { read(file: Buffer): Promise<JimpImage> } };
    return async (original, edges) => {
      const image = await Jimp.read(original);
      return each(edges, (edge) => {
        const size = inside(image, edge);
        return image.clone().resize({ w: size.width, h: size.height }).getBuffer("image/jpeg", { quality: 80 });
      });
    };
  },

  "@napi-rs/canvas": async (installed) => {
    const canvases = installed("@napi-rs/canvas") as Canvases;
    return async (original, edges) => {
      const image = await canvases.loadImage(original);
      return each(edges, (edge) => {
        const { width, height } = inside(image, edge);
        const canvas = canvases.createCanvas(width, height);
        const context = canvas.getContext("2d");
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, width, height);
        return canvas.encode("jpeg", 80);
      });
    };
  },

  "@napi-rs/image": async (installed) => {
    const { Transformer, ResizeFit, ResizeFilterType } = installed("@napi-rs/image") as Transformers;
    return async (original, edges) => {
      const { width, height } = await new Transformer(original).metadata();
      return each(edges, (edge) => {
        const side = Math.min(edge, Math.max(width, height));
        const box = { width: side, height: side, filter: ResizeFilterType.Lanczos3, fit: ResizeFit.Inside };
        return new Transformer(original).rotate().resize(box).jpeg(80);
      });
    };
  },

  "wasm-vips": async (installed) => {
    const vips = await (installed("wasm-vips") as () => Promise<WasmVips>)();
    return async (original, edges) =>
      each(edges, async (edge) => {
        const image = vips.Image.thumbnailBuffer(original, edge, { height: edge, size: "down" });
        const made = image.writeToBuffer(".jpg", { Q: 80, keep: "none" });
        image.delete();
        return made;
      });
  },
};

/** One after the other: their CPU is measured, and their memory. */
async function each(edges: number[], make: (edge: number) => Promise<Uint8Array>): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (const edge of edges) made.push(await make(edge));
  return made;
}

interface Size {
  width: number;
  height: number;
}

function inside({ width, height }: Size, edge: number): Size {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

interface JimpImage extends Size {
  clone(): JimpImage;
  resize(size: { w: number; h: number }): JimpImage;
  getBuffer(type: "image/jpeg", options: { quality: number }): Promise<Buffer>;
}
interface Canvases {
  createCanvas(
    width: number,
    height: number,
  ): {
    getContext(kind: "2d"): {
      imageSmoothingQuality: "high";
      drawImage(image: Size, x: number, y: number, width: number, height: number): void;
    };
    encode(format: "jpeg", quality: number): Promise<Buffer>;
  };
  loadImage(file: Buffer): Promise<Size>;
}
interface Transformers {
  Transformer: new (file: Buffer) => Transformer;
  ResizeFit: { Inside: number };
  ResizeFilterType: { Lanczos3: number };
}
interface Transformer {
  metadata(): Promise<Size>;
  rotate(): Transformer;
  resize(box: Size & { filter: number; fit: number }): Transformer;
  jpeg(quality: number): Promise<Buffer>;
}
interface WasmVips {
  Image: {
    thumbnailBuffer(
      file: Buffer,
      width: number,
      options: { height: number; size: "down" },
    ): { writeToBuffer(suffix: string, options: { Q: number; keep: "none" }): Uint8Array; delete(): void };
  };
}

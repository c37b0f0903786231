import { crc32, deflateSync } from "node:zlib";

/** A file that the page's buttons send: each time other pixels under the same name, so that the last one must win. */
export interface Sample {
  name: string;
  body: Blob;
}

const [WIDTH, HEIGHT] = [1200, 900];
let made = 0;

/** A picture that the service takes, or a file that it rejects. */
export function sample(kind: "good" | "bad"): Sample {
  made += 1;
  return kind === "good"
    ? { name: "test picture.png", body: new Blob([gradient(made)]) }
    : { name: "bad file.png", body: new Blob([`This is not a picture, for the ${made}. time.`]) };
}

/** A PNG of a gradient, of another colour for each number. */
function gradient(number: number): Uint8Array<ArrayBuffer> {
  const row = 1 + 3 * WIDTH; // a filter byte, then RGB
  const pixels = Buffer.alloc(row * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const at = y * row + 1 + 3 * x;
      pixels[at] = (255 * x) / WIDTH;
      pixels[at + 1] = (255 * y) / HEIGHT;
      pixels[at + 2] = (number * 67) % 256;
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2], 8); // bits of a channel, RGB
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(pixels)), chunk("IEND", Buffer.alloc(0))];
  return Uint8Array.from(Buffer.concat([signature, ...chunks]));
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { readerOf } from "../../../handlers/image/bytes";
import { inspectFile, MOST_STEPS } from "../../../handlers/image/inspect";
import { imageFormats, widestLimits } from "../../../handlers/imageTypes";
import { hostileFiles } from "../../../tools/commands";
import { corners } from "./files";

/** As `RawImagePutProcess` reads it at first. */
const START = 131_072;

/** Returns the number of reads that the inspection of a file takes, of a longer one of its start. */
function readsOf(body: Buffer, steps = MOST_STEPS): number {
  const reader = readerOf(body.length, steps, body.length > START);
  reader.add(0, body.subarray(0, START));
  let reads = 0;
  const counted = {
    ...reader,
    uint: (...given: Parameters<typeof reader.uint>) => (reads++, reader.uint(...given)),
    text: (...given: Parameters<typeof reader.text>) => (reads++, reader.text(...given)),
    slice(from: number, to: number) {
      const part = reader.slice(from, to);
      reads += 1 + part.length / 16;
      return part;
    },
  };
  inspectFile(counted, widestLimits);
  return reads;
}

describe("the steps that an upload's inspection takes", () => {
  const heads = new Map<string, Buffer>();
  before(async () => {
    for (const format of imageFormats) heads.set(format, await corners().toFormat(format).toBuffer());
  });

  it("are few for ordinary pictures", () => {
    const folder = join(__dirname, "../../photos");
    const photos = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    expect(photos.length).to.be.above(3);
    for (const body of [...photos, ...heads.values()]) expect(readsOf(body, Infinity)).to.be.below(MOST_STEPS / 5);
  });

  it("are limited for files that are the same few bytes again and again, behind the head of any format", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 16 });
    const parts = [
      ...["fffe0002", "ffda00080101000000", "ffe1000a457869660000"], // segments of JPEG, two of them complete
      ...["0000000061626364", "000000006162636400000000", "0000000861626364"], // chunks and boxes
      ...["21fe00", "2c00000000010001000002000000", "0100", "01000003000000010006000000000000"], // GIF and TIFF
    ];
    const part = fc.oneof(bytes, ...parts.map((hex) => fc.constant(Buffer.from(hex, "hex"))));
    let most = 0;
    fc.assert(
      fc.property(fc.constantFrom(...heads.keys()), part, fc.nat(1), fc.nat(400), (format, repeated, size, at) => {
        const head = heads.get(format)!;
        const pieces = Buffer.alloc(size === 0 ? START : 2_000_000, repeated);
        const body = Buffer.concat([head.subarray(0, at), pieces]).subarray(0, size === 0 ? START : undefined);
        const reads = readsOf(body);
        most = Math.max(most, reads);
        return reads <= MOST_STEPS + 10;
      }),
      { numRuns: 1_000 },
    );
    expect(most, "the limit is reached").to.be.above(MOST_STEPS / 2);
  });

  it("are limited for hostile files", async function () {
    this.timeout(60_000);
    for (const { name, body } of hostileFiles().filter((file) =>
      /circle|each other|directories|\d0,000/.test(file.name),
    ))
      expect(readsOf(Buffer.from(await body())), name).to.be.at.most(MOST_STEPS + 10);
  });
});

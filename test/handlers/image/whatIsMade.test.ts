import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import sharp, { type Metadata } from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import type { Rendition } from "../../../handlers/imagePorts";
import { imageTypeFormats, movingFormats, type ImageFormat } from "../../../handlers/imageTypes";
import { renditionsOf, spec } from "../../../tools/bench";
import { inspected } from "./files";
import { BOX, cases, names, SECRET, WIDTH, type Colour, type Quarters } from "./originals";

interface Made {
  rendition: Rendition;
  header: Metadata;
}

/** The cells' statements, beside the colours and sides, which are compared for each. */
const statements: Record<string, (made: Made) => boolean | Promise<boolean>> = {
  "lies on white": ({ header }) => !header.hasAlpha,
  stays: ({ header }) => header.hasAlpha,
  "stays, on or off": ({ header }) => header.hasAlpha,
  "stays opaque": async ({ rendition }) => (await sharp(rendition.body).stats()).isOpaque,
  "its first frame": ({ header }) => (header.pages ?? 1) === 1,
  "every frame": ({ header }) => header.pages === 2,
  "its first page": ({ header }) => (header.pages ?? 1) === 1,
  "sRGB, without a profile": ({ header }) => header.space === "srgb" && header.icc === undefined,
  "RGB of the same grey": ({ header }) => header.space === "srgb" && header.channels === 3,
  "the same grey": ({ header }) => header.icc === undefined,
  "8 bits": ({ header }) => header.depth === "uchar",
  "left out": ({ rendition, header }) =>
    [header.exif, header.xmp, header.iptc, header.icc, header.comments].every((each) => each === undefined) &&
    !Buffer.from(rendition.body).includes(SECRET),
  "turned upright, without the mark": ({ header }) => (header.orientation ?? 1) === 1,
  "its own size": ({ header }) => header.width === WIDTH,
  "as large as the box": ({ header }) => header.width === BOX,
};

/** The colours in the middle of the quarters of an encoded picture. */
async function seenIn(body: Uint8Array): Promise<Colour[]> {
  const pixels = sharp(body).toColourspace("srgb").ensureAlpha().raw();
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true });
  return [0, 1, 2, 3].map((quarter) => {
    const x = Math.floor((info.width * (quarter % 2 === 0 ? 1 : 3)) / 4);
    const y = Math.floor((info.height * (quarter < 2 ? 1 : 3)) / 4);
    return [...data.subarray(4 * (y * info.width + x)).subarray(0, 4)] as Colour;
  });
}

const onWhite = ([red, green, blue, alpha = 255]: Colour): Colour => {
  const mixed = (value: number) => Math.round((value * alpha + 255 * (255 - alpha)) / 255);
  return [mixed(red), mixed(green), mixed(blue)];
};

/** A GIF knows all or nothing. */
const onOrOff = ([red, green, blue, alpha = 255]: Colour): Colour => [red, green, blue, alpha < 128 ? 0 : 255];

/** Colours of what cannot be seen do not count. */
const differ = (a: Colour, [red, green, blue, alpha = 255]: Colour) =>
  Math.max(...[red, green, blue, alpha].map((value, i) => (alpha === 0 && i < 3 ? 0 : Math.abs(value - (a[i] ?? 0)))));

/** Encoders' noise; a profile that is left out changes a colour by more than twice that. */
const TOLERANCE = 6;

interface Row {
  label: string;
  formats: string[];
  /** A statement for each output. */
  cells: Record<Output, string>;
  /** The format that `auto` becomes. */
  auto: string;
}

const outputs = ["jpeg", "webp", "avif", "png", "gif", "auto"] as const;
type Output = (typeof outputs)[number];

/** Settings refuse it. */
const NOT_ALLOWED = "not allowed";

/** The table of docs/images.md. */
function rowsOf(document: string): Row[] {
  const lines = document.split("\n");
  const head = lines.indexOf("| the original has | in | in renditions it | but in |");
  const end = lines.findIndex((line, i) => i > head && !line.startsWith("|"));
  return lines.slice(head + 2, end).map((line) => {
    const columns = line.split("|").slice(1, -1);
    const [label = "", formats = "", most = "", others = ""] = columns.map((cell) => cell.trim());
    const otherIn = (output: Output) => others.split("; ").find((each) => each.includes(`\`${output}\``));
    const cellOf = (output: Output) => otherIn(output)?.split(": ")[1] ?? most;
    const cells = {
      ...Object.fromEntries(outputs.map((output) => [output, cellOf(output)])),
      auto: most,
    } as Row["cells"];
    return { label, formats: formats.split(", "), cells, auto: otherIn("auto") ? cellOf("auto") : "JPEG" };
  });
}

describe("the table of what becomes of an original (docs/images.md)", () => {
  const rows = rowsOf(readFileSync(join(__dirname, "../../../docs/images.md"), "utf8"));
  before(hardenSharp);

  it("has a row for each case that is tried, and a column for each format", () => {
    expect(outputs).to.have.members(imageTypeFormats);
    expect(rows.map(({ label }) => label)).to.deep.equal(Object.keys(cases));
  });

  for (const { label, formats, cells, auto } of rows) {
    it(`${label}: ${formats.join(", ")}`, async () => {
      const { has, originals, edge = 96, tolerance = TOLERANCE, enlarge = false, animated } = cases[label]!;
      const allowed = outputs.filter((output) => cells[output] !== NOT_ALLOWED);
      expect(allowed).to.have.members(animated ? movingFormats : outputs);
      expect(Object.keys(originals).map((format) => names[format as ImageFormat])).to.have.members(formats);
      for (const [format, make] of Object.entries(originals)) {
        for (const { body, shows } of await make()) {
          expect(await inspected(body), format).to.include({ ok: true, format });
          expect(has(await sharp(body).metadata(), body), `${format}: has ${label}`).to.equal(true);
          const made = await renditionsOf(
            body,
            allowed.map((output) => ({
              ...spec(edge, "jpeg", { enlarge, ...((output === "gif" ? true : animated) && { animated: true }) }),
              format: output,
            })),
          );
          for (const [i, rendition] of made.entries()) {
            const output = allowed[i]!;
            await holds(rendition, cells[output], shows, tolerance, `${format} to ${output}`);
            if (output === "auto") expect(names[rendition.format], format).to.equal(auto);
          }
        }
      }
    });
  }

  async function holds(
    rendition: Rendition,
    statement: string,
    shows: Quarters,
    tolerance: number,
    name: string,
  ): Promise<void> {
    const header = await sharp(rendition.body).metadata();
    expect(statements, name).to.have.property(statement);
    expect(await statements[statement]!({ rendition, header }), `${name}: ${statement}`).to.equal(true);
    expect([header.width, header.height], name).to.deep.equal([rendition.width, rendition.height]);
    expect(header.height * 3, name).to.equal(header.width * 2);
    const { format } = rendition;
    const expected = format === "jpeg" ? shows.map(onWhite) : format === "gif" ? shows.map(onOrOff) : shows;
    const seen = await seenIn(rendition.body);
    for (const [i, colour] of expected.entries())
      expect(differ(seen[i]!, colour), `${name}: ${seen[i]!.join()} for ${colour.join()}`).to.be.at.most(tolerance);
  }
});

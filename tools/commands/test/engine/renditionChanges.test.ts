import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { parseEvents, type Change } from "../../engine/events";
import { recordedStack } from "../../policy/recordedStack";
import { renderRenditionChanges } from "../../pull-request/renditionChanges";
import { renderSummary } from "../../pull-request/summary";

type Types = Record<string, unknown>[];

const state = (types: Types) => ({
  inputs: { environment: { variables: { IMAGE_TYPES: JSON.stringify(types) } }, memorySize: 2048 },
  outputs: {},
});
const change = (before: Types | undefined, after: Types | undefined): Change => ({
  op: "update",
  urn: "urn",
  type: "aws:lambda/function:Function",
  name: "ResolutionBasedImagePutProcess",
  ...(before && { old: state(before) }),
  ...(after && { new: state(after) }),
  forcedBy: [],
  differing: [],
});
const render = (before: Types | undefined, after: Types | undefined): string[] =>
  renderRenditionChanges("prod", [change(before, after)]);

const large = { imageType: "large", width: 2016, height: 2016 };
const small = { imageType: "small", width: 640, height: 640, quality: 70 };

describe("image types in a pull request's comment", () => {
  it("tells those that are added, removed and changed, with old and new values", () => {
    const changed = { ...large, width: 1600, formats: ["auto", "avif"] };
    const lines = render([large, small], [changed, { imageType: "icon", width: 64, height: 64, fit: "cover" }]);
    expect(lines.slice(0, 3)).to.deep.equal([
      '- **changed** `large`: `width` `2016` → `1600`, `formats` `["auto"]` → `["auto","avif"]`',
      "- **added** `icon`: `width` `64`, `height` `64`, `fit` `cover`",
      "- **removed** `small`",
    ]);
  });

  it("tells the backfill that is needed, the renditions that it makes, and its cost", () => {
    const [, told] = render([large, small], [large, { ...small, formats: ["auto", "webp", "avif"] }]);
    expect(told).to.match(
      /^- For the images that are there: `npx snail backfill --stack prod` makes 2 renditions of each, for \d+\.\d\d USD per million images\.$/,
    );
    const usd = (text = ""): number => Number(/([\d.]+) USD/.exec(text)?.[1]);
    const [, one] = render([large, small], [large, { ...small, quality: 71 }]);
    expect(usd(one)).to.be.above(0).and.below(usd(told));
    expect(one).to.include("makes 1 rendition of each");
  });

  it("tells what removes renditions that are not configured any more", () => {
    const removal =
      "- `npx snail backfill --stack prod --remove` removes renditions of image types and formats that are not configured any more.";
    expect(render([large, small], [large])).to.deep.equal(["- **removed** `small`", removal]);
    const formats = render([{ ...large, formats: ["auto", "avif"] }], [large]);
    expect(formats.slice(1)).to.deep.equal([removal]);
    expect(render([large], [large, small]).join()).to.not.include("--remove");
  });

  it("fills a default in, on either side", () => {
    expect(render([large], [{ ...large, quality: 70 }])[0]).to.equal("- **changed** `large`: `quality` `80` → `70`");
    const plain = { ...large, imageType: "small" };
    expect(render([{ ...plain, quality: 70 }], [plain])[0]).to.equal("- **changed** `small`: `quality` `70` → `80`");
  });

  it("is empty where renditions stay as they are, and where one side has none to compare", () => {
    expect(render([large, small], [small, large])).to.deep.equal([]);
    expect(render([large], [{ ...large, quality: 80 }])).to.deep.equal([]);
    expect(render(undefined, [large])).to.deep.equal([]);
    expect(render([large], undefined)).to.deep.equal([]);
    const unknown = change([large], [small]);
    unknown.new!.inputs.environment = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(renderRenditionChanges("prod", [unknown])).to.deep.equal([]);
  });

  it("are a section of it", () => {
    const log = { ...parseEvents(""), changes: [change([large], [large, small])] };
    const text = renderSummary("main", [{ stack: "prod", log, inBase: [], succeeded: true }]);
    expect(text).to.include(
      "\n\n### Renditions\n\n- **added** `small`: `width` `640`, `height` `640`, `quality` `70`\n",
    );
  });

  it("are as docs/pull-requests.md shows", async function () {
    this.timeout(60_000);
    const resources = await recordedStack("prod");
    const edit = (text: string): string => {
      const types = JSON.parse(text) as Types;
      const edits: Record<string, Types> = {
        large: [{ imageType: "large", width: 2016, height: 2016, quality: 75 }],
        preview: [],
        thumbnail: [{ imageType: "thumbnail", width: 200, height: 200, fit: "cover" }],
      };
      return JSON.stringify(types.flatMap((type) => edits[String(type.imageType)] ?? [type]));
    };
    const changes = resources.map(({ type, name, inputs }): Change => {
      const { variables } = (inputs.environment ?? {}) as { variables?: Record<string, string> };
      const edited = variables?.IMAGE_TYPES && {
        environment: { variables: { ...variables, IMAGE_TYPES: edit(variables.IMAGE_TYPES) } },
      };
      const [old, now] = [inputs, { ...inputs, ...edited }].map((side) => ({ inputs: side, outputs: {} }));
      return { ...change(undefined, undefined), type, name, ...(old && { old }), ...(now && { new: now }) };
    });
    const lines = renderRenditionChanges("prod", changes);
    const shown = ["```markdown", "### Renditions", "", ...lines, "```"].join("\n");
    const docs = readFileSync(join(__dirname, "../../../../docs/pull-requests.md"), "utf8");
    expect(docs.replace(/^ {2}/gm, "").includes(shown), `it is to show:\n${shown}`).to.equal(true);
  });
});

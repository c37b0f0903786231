import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

/** The imports that are allowed to each place. Every other pair of this page is forbidden, and tried. */
const allowed: Record<string, string[]> = {
  "index.ts": ["settings.ts", "components/", "layer/", "@pulumi/pulumi"],
  "settings.ts": [
    "settingsSchema.ts",
    "handlers/imageTypes.ts",
    "handlers/imageSchemas.ts",
    "@pulumi/pulumi",
    "valibot",
  ],
  "settingsSchema.ts": [
    "settings.ts",
    "handlers/imageTypes.ts",
    "handlers/imageSchemas.ts",
    "@pulumi/pulumi",
    "valibot",
  ],
  "components/": ["components/", "handlers/entries/", "handlers/imageTypes.ts", "package.json", "@pulumi/pulumi"],
  "layer/": ["layer/", "package.json", "@pulumi/pulumi", "esbuild"],
  "github-roles/": ["github-roles/", "@pulumi/pulumi"],
  "account/": ["account/", "components/grants.ts", "@pulumi/pulumi"],
  "handlers/ports.ts": ["handlers/records.ts", "handlers/imageTypes.ts"],
  "handlers/records.ts": ["handlers/ports.ts", "handlers/imageTypes.ts"],
  "handlers/imageTypes.ts": ["handlers/ports.ts", "handlers/records.ts"],
  "handlers/imageSchemas.ts": ["handlers/imageTypes.ts", "valibot"],
  "handlers/garbage.ts": [],
  "handlers/protocol/": [
    "handlers/protocol/",
    "handlers/garbage.ts",
    "handlers/ports.ts",
    "handlers/records.ts",
    "handlers/imageTypes.ts",
    "handlers/imageSchemas.ts",
    "valibot",
  ],
  "handlers/aws/": [
    "handlers/aws/",
    "handlers/garbage.ts",
    "handlers/ports.ts",
    "handlers/records.ts",
    "handlers/imageTypes.ts",
    "@aws-sdk/client-s3",
  ],
  "handlers/image/": [
    "handlers/image/",
    "handlers/garbage.ts",
    "handlers/ports.ts",
    "handlers/records.ts",
    "handlers/imageTypes.ts",
    "sharp",
  ],
};

const handlers = [
  "handlers/ports.ts",
  "handlers/records.ts",
  "handlers/imageTypes.ts",
  "handlers/imageSchemas.ts",
  "handlers/garbage.ts",
  "handlers/protocol/",
  "handlers/aws/",
  "handlers/image/",
  "handlers/entries/",
];
const product = [
  "index.ts",
  "settings.ts",
  "settingsSchema.ts",
  "components/",
  "layer/",
  "github-roles/",
  "account/",
  ...handlers,
  "package.json",
];
const doors = ["tools/embedded-aws/index.ts", "tools/embedded-aws/engine/index.ts", "tools/fault-search/index.ts"];
const moreDoors = [...doors, "tools/commands/index.ts", "tools/bench/index.ts"];
const embeddedAws = ["tools/embedded-aws/index.ts", "tools/embedded-aws/engine/index.ts", "tools/embedded-aws/s3/"];
const faultSearch = ["tools/fault-search/index.ts", "tools/fault-search/world/"];
const consoleDoor = "tools/console/index.ts";
const packages = [
  "@pulumi/pulumi",
  "@aws-sdk/client-s3",
  "@aws-lambda-powertools/logger",
  "valibot",
  "chai",
  "sharp",
  "openapi-fetch",
  "htm",
];
const packagesButSharp = packages.filter((name) => name !== "sharp");

const policy = ["policy/", "policy/rules/"];
const client = ["client/", "client/index.ts"];

Object.assign(allowed, {
  "client/": [...client, "openapi-fetch"],
  "policy/": [...policy, "policy/test/", ...packagesButSharp],
  "policy/rules/": [...policy, "policy/test/", ...packagesButSharp],
  "handlers/entries/": [...handlers, "@aws-lambda-powertools/logger", "valibot"],
  "tools/embedded-aws/": [...embeddedAws, ...packagesButSharp],
  "tools/embedded-aws/engine/": [...embeddedAws, ...packagesButSharp],
  "tools/embedded-aws/test/": [...embeddedAws, "tools/embedded-aws/test/", ...packagesButSharp],
  "tools/fault-search/": [...faultSearch, ...handlers, ...packages],
  "tools/fault-search/test/": [...faultSearch, "tools/fault-search/test/", ...handlers, ...doors, ...packages],
  "tools/console/": [
    "tools/console/",
    consoleDoor,
    "tools/console/shapes.ts",
    ...handlers,
    "tools/embedded-aws/index.ts",
    ...packagesButSharp,
  ],
  "tools/console/page/": ["tools/console/page/", "tools/console/shapes.ts", "htm"],
  "tools/commands/": [
    "tools/commands/",
    "tools/commands/index.ts",
    consoleDoor,
    ...product,
    "client/index.ts",
    ...policy,
    ...doors,
    ...packages,
  ],
  "tools/commands/test/": [
    "tools/commands/",
    "tools/commands/index.ts",
    "tools/commands/test/",
    consoleDoor,
    ...product,
    "client/index.ts",
    ...policy,
    ...doors,
    ...packages,
  ],
  "tools/bench/": ["tools/bench/", ...product, ...moreDoors, ...packages],
  "test/": ["test/", "test/e2e/", ...product, ...client, ...policy, ...moreDoors, consoleDoor, ...packages],
  "test/e2e/": ["test/", "test/e2e/", ...product, ...client, ...policy, ...moreDoors, consoleDoor, ...packages],
  "eslint.config.mjs": packages,
  ".ci/size.mjs": [],
  ".dependency-cruiser.cjs": [],
});

const root = join(__dirname, "..");
const targets = [
  ...new Set([
    ...product,
    ...client,
    "policy/test/",
    ...embeddedAws,
    ...faultSearch,
    ...packages,
    ...Object.keys(allowed).filter(isFolder),
  ]),
  "tools/bench/index.ts",
  "tools/commands/index.ts",
  consoleDoor,
  "tools/console/shapes.ts",
].filter((target) => !["tools/embedded-aws/", "tools/embedded-aws/engine/", "tools/fault-search/"].includes(target));

/** An import of a forbidden place in each form that TypeScript knows. */
const forms: Record<string, string> = {
  import: 'import { it } from "../tools/commands/target";\nexport const more = it;\n',
  "import-of-a-type": 'import type { It } from "../tools/commands/target";\nexport type More = It;\n',
  "export-from-another-file": 'export { it } from "../tools/commands/target";\n',
  "import-when-it-runs": 'export const later = () => import("../tools/commands/target");\n',
  "import-by-require": 'import more = require("../tools/commands/target");\nexport { more };\n',
};

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}
interface Cruise {
  summary: { violations: Violation[]; ruleSetUsed: { forbidden: { name: string }[] } };
}

describe("import boundaries", () => {
  let tree: string;
  let violations: Violation[];
  let rules: string[];

  before(async () => {
    tree = mkdtempSync(join(tmpdir(), "snail-images-boundaries-"));
    cpSync(join(root, "tsconfig.json"), join(tree, "tsconfig.json"));
    for (const name of packages) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
      write(`node_modules/${name}/index.js`, "exports.it = 1;\n");
    }
    for (const target of targets) if (!packages.includes(target)) write(fileIn(target), source(target));
    for (const place of Object.keys(allowed)) {
      write(
        importerIn(place),
        targets
          .filter((target) => target !== place)
          .map((to) => importOf(place, to))
          .join(""),
      );
    }
    for (const [form, text] of Object.entries(forms)) write(`components/${form}.ts`, text);
    write("components/one.ts", 'import "./two";\n');
    write("components/two.ts", 'import "./one";\n');
    write("elsewhere/file.ts", 'import "valibot";\n');
    const { summary } = await cruise();
    violations = summary.violations;
    rules = summary.ruleSetUsed.forbidden.map(({ name }) => name);
  });
  after(() => rmSync(tree, { recursive: true, force: true }));

  for (const [place, may] of Object.entries(allowed)) {
    it(`hold ${place} to its list`, () => {
      const refused = violations.filter(({ from, rule }) => from === importerIn(place) && rule.name !== "no-cycles");
      const forbidden = targets.filter((target) => target !== place && !may.includes(target));
      expect(refused.map(({ to }) => to).sort()).to.deep.equal(forbidden.map(fileIn).sort());
      expect(new Set(refused.map(({ rule }) => rule.name))).to.have.property("size", 1);
    });
  }

  for (const form of Object.keys(forms)) {
    it(`see an ${form.replaceAll("-", " ")}`, () => {
      const refused = violations.filter(({ from }) => from === `components/${form}.ts`);
      expect(refused.map(({ to, rule }) => `${rule.name} ${to}`)).to.deep.equal([
        `components-import-handler-entries ${fileIn("tools/commands/")}`,
      ]);
    });
  }

  it("refuse cycles", () => {
    const refused = violations.filter(({ from }) => from === "components/one.ts");
    expect(refused.map(({ to, rule }) => `${rule.name} ${to}`)).to.deep.equal(["no-cycles components/two.ts"]);
  });

  it("refuse a file in a folder without a rule", () => {
    const refused = violations.filter(({ from }) => from === "elsewhere/file.ts");
    expect(refused.map(({ rule }) => rule.name)).to.deep.equal(["no-place-for-this-file"]);
  });

  it("have a probe for each of their rules", () => {
    const broken = new Set(violations.map(({ rule }) => rule.name));
    expect(rules).to.include("layer-imports-itself");
    expect(rules.filter((name) => !broken.has(name))).to.deep.equal([]);
  });

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }

  /** The command of `npm run check`, in the tree of probes. */
  async function cruise(): Promise<Cruise> {
    const command = join(root, "node_modules/.bin/depcruise");
    const args = [command, "--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", "."];
    const options = { cwd: tree, maxBuffer: 64 * 2 ** 20 };
    const { stdout } = await promisify(execFile)(process.execPath, args, options);
    return JSON.parse(stdout) as Cruise;
  }
});

function isFolder(place: string): boolean {
  return place.endsWith("/");
}

/** The file that stands for a target. */
function fileIn(target: string): string {
  if (packages.includes(target)) return `node_modules/${target}/index.js`;
  return isFolder(target) ? `${target}target.ts` : target;
}

/** The file that imports everything on behalf of a place; a place that is a file imports by itself. */
function importerIn(place: string): string {
  return isFolder(place) ? `${place}importer.ts` : place;
}

function source(target: string): string {
  return target === "package.json" ? '{ "name": "probes" }\n' : "export const it = 1;\nexport type It = 1;\n";
}

function importOf(place: string, target: string): string {
  const path = relative(dirname(importerIn(place)), fileIn(target));
  const from = packages.includes(target) ? target : path.startsWith(".") ? path : `./${path}`;
  return place.endsWith(".cjs") ? `require("${from}");\n` : `import "${from}";\n`;
}

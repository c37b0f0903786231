import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { pluginFolder, resourceTypes, type Schema, schemaFile } from "../../../embedded-aws/engine";
import { dataAtRisk, riskText } from "../../engine/dataAtRisk";
import { readSchema } from "../../engine/declarations";
import { findPulumi } from "../../engine/findPulumi";
import { refuseToDestroyKept } from "../../engine/keptData";
import { WrongCall } from "../../support/wrongCall";
import { prepareProject, ROOT } from "../../engine/project";

describe("the engine's scripts", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "engine-test-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("find the CLI on PATH", () => {
    const file = join(folder, "pulumi");
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, 0o755);
    expect(findPulumi({ PATH: `/nowhere:${folder}` }, "linux")).to.equal(file);
  });

  it("say how to install the CLI where it is missing", () => {
    expect(() => findPulumi({ PATH: folder }, "linux"))
      .to.throw(Error)
      .with.property("message")
      .that.includes("brew install pulumi/tap/pulumi")
      .and.includes("curl -fsSL https://get.pulumi.com | sh")
      .and.includes("winget install pulumi");
  });

  describe("make a scratch project", () => {
    const settings = [
      "secretsprovider: awskms://alias/x",
      "encryptedkey: abc",
      "encryptionsalt: v1:real",
      "config:",
      "  snail-images:keepData: true",
      "  snail-images:token:",
      "    secure: v1:xyz",
    ].join("\n");
    let program: string;
    beforeEach(() => {
      program = join(folder, "program");
      mkdirSync(program);
      writeFileSync(
        join(program, "Pulumi.yaml"),
        "name: toy\nmain: index.ts\nruntime: nodejs\nbackend:\n  url: s3://x\n",
      );
      writeFileSync(join(program, "Pulumi.prod.yaml"), settings);
    });
    const read = (path: string): Record<string, unknown> =>
      parse(readFileSync(join(folder, "engine", "project", path), "utf8")) as Record<string, unknown>;
    const prepare = () => prepareProject({ program, folder: join(folder, "engine"), stack: "prod" });

    it("of the same name, with the provider beside the program and no backend of the real one", () => {
      prepare();
      const project = read("Pulumi.yaml");
      expect(project).to.include({ name: "toy", main: program, runtime: "nodejs" });
      expect(project).to.not.have.property("backend");
      expect(project.plugins).to.deep.equal({
        providers: [{ name: "aws", path: pluginFolder }],
      });
    });

    it("with the stack's plain settings, and leave the real ones as they are", () => {
      expect(prepare().leftOut).to.deep.equal(["snail-images:token"]);
      expect(read("Pulumi.prod.yaml")).to.deep.equal({ config: { "snail-images:keepData": true } });
      expect(readFileSync(join(program, "Pulumi.prod.yaml"), "utf8")).to.equal(settings);
    });

    it("and keep the salt that the engine put into the scratch settings", () => {
      prepare();
      const scratch = join(folder, "engine", "project", "Pulumi.prod.yaml");
      writeFileSync(scratch, "encryptionsalt: v1:scratch\nconfig:\n  snail-images:keepData: false\n");
      prepare();
      expect(read("Pulumi.prod.yaml")).to.deep.equal({
        config: { "snail-images:keepData": true },
        encryptionsalt: "v1:scratch",
      });
    });

    it("without this machine's credentials", () => {
      process.env.AWS_ACCESS_KEY_ID = "real";
      try {
        const { environment } = prepare();
        expect(environment).to.not.have.property("AWS_ACCESS_KEY_ID");
        expect(environment.PULUMI_BACKEND_URL).to.match(/^file:\/\//);
        expect(environment.PULUMI_CONFIG_PASSPHRASE).to.equal("");
      } finally {
        delete process.env.AWS_ACCESS_KEY_ID;
      }
    });

    it("and name the stacks there are when asked for another", () => {
      expect(() => prepareProject({ program, folder: join(folder, "engine"), stack: "test" })).to.throw(
        WrongCall,
        'no stack "test"; allowed: prod',
      );
      expect(existsSync(join(folder, "engine"))).to.equal(false);
    });
  });

  it("list replaced and deleted buckets, tables and queues as data at risk, and nothing else", () => {
    const types = [
      "aws:s3/bucket:Bucket",
      "aws:dynamodb/table:Table",
      "aws:sqs/queue:Queue",
      "aws:iam/role:Role",
    ] as const;
    const old = { id: "x-1234567", inputs: {}, outputs: {} };
    const changes = types.flatMap((type) =>
      (["replace", "delete", "update"] as const).map((op) => ({
        op,
        type,
        name: "x",
        urn: "",
        old,
        forcedBy: ["name"],
        differing: [],
      })),
    );
    expect(dataAtRisk(changes).map(({ type, op }) => [type, op])).to.deep.equal(
      types.slice(0, 3).flatMap((type) => [
        [type, "replace"],
        [type, "delete"],
      ]),
    );
    expect(dataAtRisk(changes).map(riskText).slice(0, 2)).to.deep.equal([
      "aws:s3/bucket:Bucket x (x-1234567) is replaced, forced by name; its content is lost",
      "aws:s3/bucket:Bucket x (x-1234567) is deleted; its content is lost",
    ]);
  });

  describe("refuse to destroy a stack that keeps its data", () => {
    const resource = (name: string, protect?: boolean) => ({
      type: "aws:s3/bucket:Bucket",
      urn: `urn:pulumi:prod::toy::a:b$aws:s3/bucket:Bucket::${name}`,
      custom: true,
      protect,
    });
    const kept = [resource("two", true), resource("one", true), resource("other")];

    it("with what is protected, and what to change", () => {
      for (const flags of [[], ["--skip-preview"], ["--target", "x"]])
        expect(() => refuseToDestroyKept("prod", kept, flags)).to.throw(
          [
            "nothing was deleted: 2 resources of stack prod are protected, since it keeps its data",
            "  aws:s3/bucket:Bucket one",
            "  aws:s3/bucket:Bucket two",
            "To lose them and all that they hold:",
            "  1. set snail-images:keepData to false in Pulumi.prod.yaml",
            "  2. npm run up -- --stack prod",
            "  3. npm run destroy -- --stack prod",
          ].join("\n"),
        );
    });

    it("but not where nothing is protected, or Pulumi is told to leave that out", () => {
      refuseToDestroyKept("dev", [resource("other")], []);
      refuseToDestroyKept("prod", kept, ["--exclude-protected"]);
      refuseToDestroyKept("prod", kept, ["--preview-only"]);
    });
  });

  it("have the schema of exactly the table's types, from the installed @pulumi/aws", () => {
    const tokens = Object.keys(resourceTypes).filter((token) => token.startsWith("aws:"));
    const made = readSchema(join(ROOT, "node_modules", "@pulumi", "aws"), tokens);
    const committed: unknown = JSON.parse(readFileSync(schemaFile, "utf8"));
    expect(committed, "npx snail engine schema makes it again").to.deep.equal(made);
  });

  it("have no property in the table that AWS's provider does not know", () => {
    const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as Schema;
    const unknown = Object.entries(resourceTypes)
      .filter(([token]) => token.startsWith("aws:"))
      .flatMap(([token, { properties }]) => {
        const known = Object.keys(schema.resources[token] ?? {}).map((name) => name.replace("?", ""));
        const extra = properties.filter((property) => !known.includes(property));
        return extra.map((property) => `${token} ${property}`);
      });
    expect(unknown).to.deep.equal([]);
  });
});

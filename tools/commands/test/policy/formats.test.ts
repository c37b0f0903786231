import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Ajv from "ajv";
import draft04 from "ajv/lib/refs/json-schema-draft-04.json";
import { expect } from "chai";
import type { Log } from "sarif";
import type { Finding } from "../../../../policy/evaluate";
import { rules } from "../../../../policy/rules";
import { formats } from "../../policy/formats";
import { located } from "../../policy/located";

const root = join(__dirname, "a project");
const QUEUE = "aws:sqs/queue:Queue";
const urn = `urn:pulumi:dev::shop::${QUEUE}::work`;
const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const resources = [
  { urn: stack, type: "pulumi:pulumi:Stack", declaredAt: { uri: "file:///elsewhere/runtime.js", line: 9 } },
  { urn, type: QUEUE, declaredAt: { uri: pathToFileURL(join(root, "components", "my queue.ts")).href, line: 12 } },
];
const finding = (rule: string, of: Partial<Finding>): Finding => ({
  rule,
  kind: "violation",
  level: "mandatory",
  urn,
  property: "redrivePolicy",
  message: `Queue work: ${rule}`,
  ...of,
});
const judged = {
  stack: "dev",
  findings: located(
    [
      finding("suppressions", { urn: stack, property: "sqs-redrive" }),
      finding("sqs-redrive", {}),
      finding("sqs-customer-key", { level: "advisory" }),
      finding("sqs-encryption", { kind: "not-checked", level: "advisory" }),
    ],
    resources,
    root,
  ),
  suppressed: 3,
};

describe("the findings of a stack", () => {
  it("are a table for a terminal", () => {
    expect(formats.table(judged)).to.equal(
      [
        "mandatory    sqs-redrive  work  components/my queue.ts:12",
        "  Queue work: sqs-redrive",
        "advisory     sqs-customer-key  work  components/my queue.ts:12",
        "  Queue work: sqs-customer-key",
        "not-checked  sqs-encryption  work  components/my queue.ts:12",
        "  Queue work: sqs-encryption",
        "mandatory    suppressions  shop-dev  policy/suppressions.json:1",
        "  Queue work: suppressions",
        "Stack dev: 2 mandatory, 1 advisory, 1 not checked; 3 suppressed.",
        "",
      ].join("\n"),
    );
  });

  it("are JSON with all that is known of them", () => {
    expect(JSON.parse(formats.json(judged))).to.deep.equal(judged);
  });

  it("are Markdown for a comment", () => {
    expect(formats.markdown(judged)).to.match(
      /^# Policy findings of stack `dev`\n\n- \*\*mandatory\*\* `sqs-redrive` on `work` \(components\/my queue\.ts:12\): Queue work: sqs-redrive\n\n/,
    );
  });

  it("are where Pulumi.yaml is, without a place of their own", () => {
    expect(located([finding("a", { urn: stack })], resources, root)[0]).to.include({ file: "Pulumi.yaml", line: 1 });
  });
});

describe("the findings of a stack as SARIF", () => {
  const log = JSON.parse(formats.sarif(judged)) as Log;
  const [run] = log.runs;

  it("are valid by the schema of SARIF 2.1.0, which refuses unknown properties", () => {
    const ajv = new Ajv({ schemaId: "auto", unknownFormats: ["uri-reference"] });
    ajv.addMetaSchema(draft04);
    const schema = JSON.parse(readFileSync(join(__dirname, "sarif-2.1.0.json"), "utf8")) as object;
    const validate = ajv.compile(schema);
    expect(validate(log), ajv.errorsText(validate.errors)).to.equal(true);
    expect(validate({ ...log, more: 1 })).to.equal(false);
  });

  it("name file, line and resource, and keep their identity when lines move", () => {
    expect(run?.results?.[0]).to.deep.include({
      ruleId: "sqs-redrive",
      level: "error",
      message: { text: "Queue work: sqs-redrive" },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "components/my%20queue.ts", uriBaseId: "%SRCROOT%" },
            region: { startLine: 12 },
          },
          logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }],
        },
      ],
    });
    const moved = judged.findings.map((each) => ({ ...each, line: each.line + 1 }));
    const other = JSON.parse(formats.sarif({ ...judged, findings: moved })) as Log;
    const prints = (of: Log) => of.runs[0]?.results?.map(({ partialFingerprints }) => partialFingerprints);
    expect(prints(other)).to.deep.equal(prints(log));
    expect(new Set(prints(log)?.map((each) => JSON.stringify(each))).size).to.equal(4);
  });

  it("have the level of their rule; one that was not checked is a note", () => {
    expect(run?.results?.map(({ level }) => level)).to.deep.equal(["error", "warning", "note", "error"]);
  });

  it("bring all rules with demand, reason, remedy and public ids", () => {
    const described = run?.tool.driver.rules ?? [];
    expect(described.map(({ id }) => id)).to.deep.equal([...rules.map(({ name }) => name), "suppressions"]);
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(described[ruleIndex ?? -1]?.id).to.equal(ruleId);
    expect(described.find(({ id }) => id === "logs-retention")).to.deep.include({
      shortDescription: { text: "Every log group has a retention" },
      defaultConfiguration: { level: "error" },
      properties: { tags: ["Logs", "CKV_AWS_66", "CFN-W86"] },
    });
  });
});

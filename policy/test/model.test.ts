import { expect } from "chai";
import { evaluate } from "../evaluate";
import { accountOf, ownAccount } from "../model/accounts";
import { covers, parseArn } from "../model/arn";
import { Graph } from "../model/graph";
import { grantsOfRole } from "../model/policies";
import { statementsOf } from "../model/policyDocument";
import { isDeclared, readFlag, readList, readNumber, readText } from "../model/read";
import { NotKnown, UNKNOWN } from "../model/resource";
import { canonicalType } from "../model/types";
import { rules } from "../rules";
import { policy, resource } from "./fixture";

const BUCKET = "aws:s3/bucket:Bucket";
const bucket = resource(BUCKET, "photos", { bucket: "photos" });

describe("the names of types", () => {
  const cases = [
    ["aws:s3/bucketV2:BucketV2", BUCKET],
    ["aws:s3/bucketVersioningV2:BucketVersioningV2", "aws:s3/bucketVersioning:BucketVersioning"],
    [BUCKET, BUCKET],
    ["aws:apigatewayv2/api:Api", "aws:apigatewayv2/api:Api"],
    ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObjectv2:BucketObjectv2"],
  ] as const;
  for (const [token, canonical] of cases)
    it(`read ${token} as ${canonical}`, () => expect(canonicalType(token)).to.equal(canonical));
});

describe("the readers", () => {
  const read = resource(BUCKET, "b", {
    a: { list: ["x", { n: "7" }], off: "false", none: null },
    unknown: { deep: UNKNOWN },
  });

  it("follow paths into objects and lists", () => {
    expect(readText(read, "a.list.0")).to.equal("x");
    expect(readNumber(read, "a.list.1.n")).to.equal(7);
    expect(readFlag(read, "a.off")).to.equal(false);
    expect(readText(read, "a.none")).to.equal(undefined);
    expect(readText(read, "a.missing.0.b")).to.equal(undefined);
    expect(readList(read, "a.off")).to.deep.equal(["false"]);
  });

  it("refuse what is unknown, wherever it is", () => {
    expect(() => readText(read, "unknown.deep.more")).to.throw(
      NotKnown,
      "unknown.deep.more of b: known after deployment",
    );
    expect(() => readList({ ...read, inputs: { list: [UNKNOWN] } }, "list")).to.throw(NotKnown);
  });

  it("tell what the program declares from what the provider fills in", () => {
    const filled = { ...read, inputs: { a: 1, b: 2, __defaults: ["b"] } };
    expect([isDeclared(filled, "a"), isDeclared(filled, "b"), isDeclared(filled, "c")]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });
});

describe("the graph", () => {
  const block = resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", { bucket: UNKNOWN });
  const target = (changed: Partial<typeof block>) => {
    const referrer = { ...block, ...changed };
    return new Graph([bucket, referrer]).target(referrer, "bucket", BUCKET);
  };

  it("finds what a property names, by name, ARN or id", () => {
    expect(target({ inputs: { bucket: "photos" } })).to.equal(bucket);
    expect(target({ inputs: { bucket: "other" } })).to.equal(undefined);
    const byId = { ...bucket, id: "its-id" };
    const referrer = { ...block, inputs: { bucket: "its-id" } };
    expect(new Graph([byId, referrer]).target(referrer, "bucket", BUCKET)).to.equal(byId);
  });

  it("follows an unknown value along its dependencies", () => {
    expect(target({ propertyDependencies: { bucket: [bucket.urn] } })).to.equal(bucket);
    expect(() => target({})).to.throw(NotKnown);
  });

  it("finds all rights of a role, wherever they are declared", () => {
    const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const role = resource("aws:iam/role:Role", "role", {
      name: "role",
      inlinePolicies: [{ name: "a", policy: policy(read) }],
    });
    const own = resource(
      "aws:iam/policy:Policy",
      "own",
      { policy: { Statement: read } },
      { outputs: { arn: "arn:own" } },
    );
    const graph = new Graph([
      role,
      own,
      resource("aws:iam/rolePolicy:RolePolicy", "inline", { role: "role", policy: policy(read, read) }),
      resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached", { role: "role", policyArn: "arn:own" }),
      resource("aws:iam/rolePolicy:RolePolicy", "another", { role: "other", policy: policy(read) }),
    ]);
    expect(grantsOfRole(graph, role).map(({ source }) => source.name)).to.deep.equal([
      "role",
      "inline",
      "inline",
      "own",
    ]);
  });
});

describe("policies", () => {
  const read = (document: unknown) => statementsOf(bucket, "policy", document);

  it("are read with single values and lists, as text and as objects", () => {
    const statement = {
      Effect: "Allow",
      Principal: "*",
      Action: "s3:*",
      Resource: "a",
      Condition: { Bool: { k: "true" } },
    };
    const normal = {
      effect: "Allow",
      principals: [{ kind: "AWS", value: "*" }],
      notPrincipals: [],
      actions: ["s3:*"],
      notActions: [],
      resources: ["a"],
      notResources: [],
      conditions: [{ operator: "Bool", key: "k", values: ["true"] }],
    };
    expect(read({ Statement: statement })).to.deep.equal([normal]);
    expect(
      read(JSON.stringify({ Statement: [{ ...statement, Principal: { AWS: ["*"] }, Action: ["s3:*"] }] })),
    ).to.deep.equal([normal]);
  });

  it("are empty, unknown, or not policies at all", () => {
    expect(read("")).to.deep.equal([]);
    expect(read("{")).to.equal(undefined);
    expect(read({ Statement: { Action: "s3:*" } })).to.equal(undefined);
    expect(() => read({ Statement: [{ Effect: "Allow", Resource: UNKNOWN }] })).to.throw(NotKnown);
  });
});

describe("ARNs", () => {
  it("are read and matched", () => {
    expect(parseArn("arn:aws:sqs:eu-west-1:1:q:x")).to.deep.include({ service: "sqs", account: "1", resource: "q:x" });
    expect(parseArn("https://example.com")).to.equal(undefined);
    expect(covers("arn:aws:s3:::b/*", "arn:aws:s3:::b/raw/*")).to.equal(true);
    expect(covers("arn:aws:s3:::b.c/?", "arn:aws:s3:::bxc/1")).to.equal(false);
    expect(accountOf("arn:aws:iam::123456789012:root")).to.equal("123456789012");
  });

  it("tell the account of a stack, where one is known", () => {
    const queue = resource(
      "aws:sqs/queue:Queue",
      "q",
      {},
      { outputs: { arn: "arn:aws:sqs:eu-west-1:123456789012:q" } },
    );
    expect(ownAccount(new Graph([bucket, queue]), bucket, "policy")).to.equal("123456789012");
    expect(() => ownAccount(new Graph([bucket]), bucket, "policy")).to.throw(NotKnown);
  });
});

describe("the evaluation", () => {
  const [rule] = rules.filter(({ name }) => name === "logs-retention");
  const group = resource("aws:cloudwatch/logGroup:LogGroup", "log", { retentionInDays: 7 });
  const findings = (configured: Record<string, unknown>, inputs = group.inputs) =>
    evaluate(new Graph([{ ...group, inputs }]), { rules: [rule!], configuration: { "logs-retention": configured } });

  it("uses the configured settings, and their defaults for what is missing or of another type", async () => {
    expect(await findings({})).to.deep.equal([]);
    expect(await findings({ leastDays: "a lot" })).to.deep.equal([]);
    expect(await findings({ leastDays: 30 })).to.deep.equal([
      {
        rule: "logs-retention",
        kind: "violation",
        level: "mandatory",
        urn: group.urn,
        property: "retentionInDays",
        message:
          "LogGroup log: retentionInDays is 7; allowed: 30 or more. Logs are kept, and paid for, for ever. Set retentionInDays.",
      },
    ]);
  });

  it("changes the level of a rule, and disables it", async () => {
    const levels = async (enforcementLevel: string) =>
      (await findings({ leastDays: 30, enforcementLevel })).map(({ level }) => level);
    expect(await levels("advisory")).to.deep.equal(["advisory"]);
    expect(await levels("disabled")).to.deep.equal([]);
  });

  it("reports an unknown value as not checked, and as advisory", async () => {
    expect(await findings({}, { retentionInDays: UNKNOWN })).to.deep.equal([
      {
        rule: "logs-retention",
        kind: "not-checked",
        level: "advisory",
        urn: group.urn,
        property: "retentionInDays",
        message: "LogGroup log: not checked: known after deployment: retentionInDays",
      },
    ]);
  });
});

describe("a rule about several things", () => {
  it("checks those that are known, and tells that others are not", async () => {
    const secrets = rules.filter(({ name }) => name === "lambda-no-secrets");
    const variables = { QUEUE_URL: UNKNOWN, DB_PASSWORD: "hunter22" };
    const lambda = resource("aws:lambda/function:Function", "work", { environment: { variables } });
    const found = await evaluate(new Graph([lambda]), { rules: secrets });
    expect(found.map(({ kind, property }) => `${kind} ${property}`)).to.deep.equal([
      "violation environment.variables.DB_PASSWORD",
      "not-checked environment.variables.QUEUE_URL",
    ]);
  });
});

import { join } from "node:path";
import { expect } from "chai";
import { policyText } from "../../github-roles/gitHubRole";
import {
  functionBoundary,
  roleArns,
  roleStatements,
  serviceStatements,
  type Statement,
} from "../../github-roles/rights";
import { services } from "../../github-roles/services";
import type { GatheredResource } from "../../tools/embedded-aws";
import { declareStack } from "../support/stacks";
import { recordProgram, type Recorded } from "./recordedProgram";

const account = { partition: "aws", region: "eu-west-1", accountId: "123456789012" };

const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(text);

const covers = (statements: readonly Statement[], action: string, resource: string): boolean =>
  statements.some(
    ({ Action, Resource }) =>
      Action.some((each) => matches(each, action)) && Resource.some((each) => matches(each, resource)),
  );

describe("the roles that preview and deploy", () => {
  const config = {
    "aws:region": "eu-west-1",
    "snail-images-deploy:repository": "owner/snail-images",
    "snail-images-deploy:stack": "prod",
    "snail-images-deploy:stateBucket": "state-bucket",
    "snail-images-deploy:stateKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/k",
  };
  const declare = (more: Record<string, string> = {}) =>
    recordProgram(join(process.cwd(), "github-roles", "index.ts"), { ...config, ...more });

  let resources: Recorded[];
  before(async () => {
    resources = await declare();
  });
  const one = (type: string, name: string): Record<string, unknown> => {
    const found = resources.find((resource) => resource.type.endsWith(type) && resource.name === name);
    if (!found) throw new Error(`there is no ${type} ${name}`);
    return found.state;
  };
  const policy = (name: string): Statement[] =>
    (JSON.parse(String(one(":Policy", name).policy)) as { Statement: Statement[] }).Statement;
  const trust = (name: string): unknown =>
    (JSON.parse(String(one(":Role", name).assumeRolePolicy)) as { Statement: unknown[] }).Statement;

  it("are taken only by jobs of the repository in their own environment", () => {
    for (const [role, environment] of [
      ["snail-images-prod-preview", "preview-prod"],
      ["snail-images-prod-deploy", "prod"],
    ] as const)
      expect(trust(role)).to.deep.equal([
        {
          Effect: "Allow",
          Principal: { Federated: one(":OpenIdConnectProvider", "github").arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": [`repo:owner/snail-images:environment:${environment}`],
            },
          },
        },
      ]);
  });

  it("have their rights as their boundary, so that nothing attached later goes further", () => {
    for (const role of ["snail-images-prod-preview", "snail-images-prod-deploy"])
      expect(one(":Role", role).permissionsBoundary).to.equal(one(":Policy", `${role}-rights`).arn);
  });

  it("let a preview read, and write nothing", () => {
    const actions = policy("snail-images-prod-preview-rights").flatMap(({ Action }) => Action);
    const reading = /:(Get|List|Describe|GET$|Decrypt$)/;
    expect(actions.filter((action) => !reading.test(action))).to.deep.equal([]);
  });

  it("let a deployment make roles only inside the functions' boundary, and pass them only to Lambda and API Gateway", () => {
    const statements = policy("snail-images-prod-deploy-rights");
    const boundary = one(":Policy", "snail-images-prod-functions").arn;
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
      const granting = statements.filter(({ Action }) => Action.some((each) => matches(each, action)));
      expect(granting.map(({ Condition }) => Condition)).to.deep.equal([
        { StringEquals: { "iam:PermissionsBoundary": boundary } },
      ]);
    }
    expect(statements.find(({ Sid }) => Sid === "PassRoles")?.Condition).to.deep.equal({
      StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com", "apigateway.amazonaws.com"] },
    });
    for (const action of [
      "iam:DeleteRolePermissionsBoundary",
      "iam:AttachRolePolicy",
      "iam:CreateUser",
      "iam:CreatePolicy",
    ])
      expect(covers(statements, action, `arn:aws:iam::123456789012:role/RawImage-x`), action).to.equal(false);
  });

  it("see nothing of what users stored", () => {
    for (const role of ["snail-images-prod-preview-rights", "snail-images-prod-deploy-rights"])
      for (const [action, resource] of [
        ["s3:GetObject", "arn:aws:s3:::snail-images-prod-1234567/raw/a"],
        ["s3:GetObjectVersion", "arn:aws:s3:::snail-temp-images-prod-1234567/images/a"],
        ["s3:DeleteObject", "arn:aws:s3:::snail-images-prod-1234567/raw/a"],
        ["dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/ImageMetadata-1234567"],
        ["dynamodb:Scan", "arn:aws:dynamodb:eu-west-1:123456789012:table/ImageMetadata-1234567"],
        ["sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:123456789012:PutRawImageQueue-1234567"],
        ["lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:RawImageGetProcess-1234567"],
      ] as const)
        expect(covers(policy(role), action, resource), `${role}: ${action}`).to.equal(false);
  });

  it("reach the Pulumi state, of which a preview changes nothing", () => {
    const objects = (role: string) => policy(role).find(({ Sid }) => Sid === "State");
    expect(objects("snail-images-prod-preview-rights")?.Action).to.deep.equal(["s3:GetObject"]);
    expect(objects("snail-images-prod-deploy-rights")?.Resource).to.deep.equal(["arn:aws:s3:::state-bucket/*"]);
  });

  it("refuse a configuration that they cannot mean", async () => {
    const failure: unknown = await declare({ "snail-images-deploy:repository": "everything/*" }).catch(
      (e: unknown) => e,
    );
    expect(String(failure)).to.include('snail-images-deploy:repository must be owner/name; got "everything/*"');
  });

  it("fit into IAM's limit, and say so when they do not", () => {
    const long = Array.from({ length: 200 }, () => serviceStatements(account, "read")[0]!);
    expect(() => policyText("role", long)).to.throw("IAM takes at most 6144");
  });

  for (const stack of ["dev", "prod"] as const)
    describe(`for stack ${stack}`, () => {
      let declared: GatheredResource[];
      before(async () => {
        const { stack: found } = await declareStack(stack, { "snail-images:alarmEmail": "ops@example.com" });
        declared = found.resources.filter(({ type }) => type.startsWith("aws:"));
      });

      it("cover every type of resource that the program has", () => {
        const known = [...Object.values(services).flatMap(({ types }) => [...types]), "aws:iam/role"];
        const missing = declared.filter(({ type }) => !known.some((prefix) => type.startsWith(prefix)));
        expect([...new Set(missing.map(({ type }) => type))]).to.deep.equal([]);
      });

      it("cover the names of all of them", () => {
        const patterns = [
          ...serviceStatements(account, "write").flatMap(({ Resource }) => Resource),
          ...roleArns(account),
        ];
        const arns = declared.map(({ state }) => state.arn).filter((arn): arn is string => typeof arn === "string");
        // A layer's version and an API's parts have more behind their name.
        const outside = arns.filter(
          (arn) => !patterns.some((pattern) => pattern !== "*" && matches(`${pattern}*`, arn)),
        );
        expect(outside).to.deep.equal([]);
        expect(arns.length).to.be.greaterThan(20);
      });

      it("bound the functions' roles by what their policies grant, and no less", () => {
        const boundary = functionBoundary(account);
        const grants = declared
          .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
          .flatMap(({ state }) => (JSON.parse(String(state.policy)) as { Statement: PolicyStatement[] }).Statement)
          .filter(({ Effect }) => Effect === "Allow");
        const cut = grants.flatMap(({ Action, Resource }) =>
          [Action].flat().flatMap((action) =>
            [Resource]
              .flat()
              .filter((resource) => !covers(boundary, action, resource))
              .map((resource) => `${action} ${resource}`),
          ),
        );
        expect([...new Set(cut)]).to.deep.equal([]);
      });
    });

  it("give no statement without a reason: each has resources and actions", () => {
    for (const { Action, Resource } of [...roleStatements(account, "arn"), ...functionBoundary(account)]) {
      expect(Action).to.not.be.empty;
      expect(Resource).to.not.be.empty;
    }
  });
});

interface PolicyStatement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
}

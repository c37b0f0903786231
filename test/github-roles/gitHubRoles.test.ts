import { join } from "node:path";
import { expect } from "chai";
import { policyText } from "../../github-roles/gitHubRole";
import {
  functionBoundary,
  mappingStatement,
  roleArns,
  roleStatements,
  serviceStatements,
  stateStatements,
  type Statement,
} from "../../github-roles/rights";
import { services } from "../../github-roles/services";
import type { GatheredResource } from "../../tools/embedded-aws";
import { refusedPolicies } from "../support/refusedPolicies";
import { declareStack } from "../support/stacks";
import { recordProgram, type Recorded } from "./recordedProgram";

const account = { region: "eu-west-1", accountId: "123456789012" };

const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(text);

const covers = (statements: readonly Omit<Statement, "Sid">[], action: string, resource: string): boolean =>
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
  const declare = (more: Record<string, string> = {}, there: string[] = []) =>
    recordProgram(
      join(process.cwd(), "github-roles", "index.ts"),
      { ...config, ...more },
      { "aws:iam/getRoles:getRoles": { names: there } },
    );

  let resources: Recorded[];
  before(async () => {
    resources = await declare();
  });
  const one = (type: string, name: string): Record<string, unknown> => {
    const found = resources.find((resource) => resource.type.endsWith(type) && resource.name === name);
    if (!found) throw new Error(`there is no ${type} ${name}`);
    return found.state;
  };
  const policy = (name: string): Omit<Statement, "Sid">[] =>
    (JSON.parse(String(one(":Policy", name).policy)) as { Statement: Statement[] }).Statement;
  /** The statements of all policies that are attached to a role. */
  const rights = (role: string): Omit<Statement, "Sid">[] =>
    resources
      .filter(({ type, state }) => type.endsWith(":RolePolicyAttachment") && state.role === one(":Role", role).name)
      .flatMap(({ state }) => resources.filter(({ state: { arn } }) => arn === state.policyArn))
      .flatMap(({ name }) => policy(name));
  const trust = (name: string): unknown =>
    (JSON.parse(String(one(":Role", name).assumeRolePolicy)) as { Statement: unknown[] }).Statement;

  it("are taken only by jobs of the repository in their own environment", () => {
    for (const [role, environments] of [
      ["snail-images-prod-preview", ["preview-prod", "drift-prod"]],
      ["snail-images-prod-deploy", ["prod"]],
    ] as const)
      expect(trust(role)).to.deep.equal([
        {
          Effect: "Allow",
          Principal: { Federated: one(":OpenIdConnectProvider", "github").arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": environments.map(
                (environment) => `repo:owner/snail-images:environment:${environment}`,
              ),
            },
          },
        },
      ]);
  });

  it("have the actions of their rights as their boundary, so that nothing attached later brings another", () => {
    for (const role of ["snail-images-prod-preview", "snail-images-prod-deploy"]) {
      expect(one(":Role", role).permissionsBoundary).to.equal(one(":Policy", `${role}-boundary`).arn);
      const [{ Action, ...others }, ...more] = policy(`${role}-boundary`) as [Statement, ...Statement[]];
      expect(more).to.deep.equal([]);
      expect(others).to.deep.equal({ Effect: "Allow", Resource: ["*"] });
      expect(Action).to.have.members([...new Set(rights(role).flatMap((statement) => statement.Action))]);
    }
  });

  it("let a preview read, and write nothing", () => {
    const actions = rights("snail-images-prod-preview").flatMap(({ Action }) => Action);
    const reading = /:(Get|List|Describe|GET$|Decrypt$)/;
    expect(actions.filter((action) => !reading.test(action))).to.deep.equal([]);
  });

  it("let a deployment make roles only inside the functions' boundary, and pass them only to Lambda and API Gateway", () => {
    const statements = rights("snail-images-prod-deploy");
    const boundary = one(":Policy", "snail-images-prod-functions").arn;
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
      const granting = statements.filter(({ Action }) => Action.some((each) => matches(each, action)));
      expect(granting.map(({ Condition }) => Condition)).to.deep.equal([
        { StringEquals: { "iam:PermissionsBoundary": boundary } },
      ]);
    }
    expect(statements.find(({ Action }) => Action.includes("iam:PassRole"))?.Condition).to.deep.equal({
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
    for (const role of ["snail-images-prod-preview", "snail-images-prod-deploy"])
      for (const [action, resource] of [
        ["s3:GetObject", "arn:aws:s3:::snail-images-prod-1234567/raw/a"],
        ["s3:GetObjectVersion", "arn:aws:s3:::snail-temp-images-prod-1234567/images/a"],
        ["s3:DeleteObject", "arn:aws:s3:::snail-images-prod-1234567/raw/a"],
        ["dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/ImageMetadata-1234567"],
        ["dynamodb:Scan", "arn:aws:dynamodb:eu-west-1:123456789012:table/ImageMetadata-1234567"],
        ["sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:123456789012:PutRawImageQueue-1234567"],
        ["lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:RawImageGetProcess-1234567"],
      ] as const)
        expect(covers(rights(role), action, resource), `${role}: ${action}`).to.equal(false);
  });

  it("reach their own stack's Pulumi state, of which a preview changes nothing", () => {
    const previews = rights("snail-images-prod-preview");
    const own = "arn:aws:s3:::state-bucket/.pulumi/stacks/snail-images/prod.json";
    expect(covers(previews, "s3:GetObject", own)).to.equal(true);
    expect(covers(previews, "s3:PutObject", own)).to.equal(false);
    for (const [object, may] of [
      ["stacks/snail-images/prod.json", true],
      ["stacks/snail-images/prod.json.bak", true],
      ["locks/organization/snail-images/prod/1.json", true],
      ["history/snail-images/prod/prod-1.history.json", true],
      ["stacks/snail-images/dev.json", false],
      ["stacks/snail-images/prod-2.json", false],
      ["stacks/other/prod.json", false],
      ["meta.yaml", false],
    ] as const)
      expect(
        covers(rights("snail-images-prod-deploy"), "s3:PutObject", `arn:aws:s3:::state-bucket/.pulumi/${object}`),
        object,
      ).to.equal(may);
  });

  it("have only policies that AWS understands", async () => {
    expect(await refusedPolicies(resources)).to.deep.equal({ policies: 9, refused: [] });
  });

  it("let a deployment drive only the service's functions by event source mappings", () => {
    const creating = rights("snail-images-prod-deploy").filter(({ Action }) =>
      Action.some((action) => matches(action, "lambda:CreateEventSourceMapping")),
    );
    expect(creating.map(({ Resource, Condition }) => ({ Resource, Condition }))).to.deep.equal([
      {
        Resource: ["*"],
        Condition: {
          ArnLike: {
            "lambda:FunctionArn": ["RawImage*", "ResolutionBasedImage*", "ImageEvent*", "Sweep*", "Upload*"].map(
              (name) => `arn:*:lambda:eu-west-1:123456789012:function:${name}`,
            ),
          },
        },
      },
    ]);
  });

  it("let a deployment make the role that an account's first API brings along, and see all alarms as AWS asks", () => {
    const deployment = rights("snail-images-prod-deploy");
    const linked =
      "arn:aws:iam::123456789012:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway";
    expect(covers(deployment, "iam:CreateServiceLinkedRole", linked)).to.equal(true);
    const all = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*";
    for (const role of ["snail-images-prod-preview", "snail-images-prod-deploy"])
      expect(covers(rights(role), "cloudwatch:DescribeAlarms", all), role).to.equal(true);
  });

  it("refuse an account that holds another stack, whose resources they would reach", async () => {
    await declare({}, ["snail-images-prod-deploy-0123456", "snail-images-prod-preview-abcdef0"]);
    const failure: unknown = await declare({}, ["snail-images-dev-deploy-0123456"]).catch((e: unknown) => e);
    expect(String(failure)).to.include("the account has roles for stack dev; the roles of prod would reach");
  });

  it("refuse a configuration that they cannot mean", async () => {
    const failure: unknown = await declare({ "snail-images-deploy:repository": "everything/*" }).catch(
      (e: unknown) => e,
    );
    expect(String(failure)).to.include('snail-images-deploy:repository must be owner/name; got "everything/*"');
  });

  it("fit into IAM's limit where the names of region and state are long, and say so when they do not", () => {
    const there = { region: "ap-southeast-2", accountId: account.accountId };
    const state = { stack: "s".repeat(20), stateBucket: "b".repeat(40), stateKeyArn: "k".repeat(86) };
    for (const statements of [
      [...serviceStatements(there, "write"), mappingStatement(there)],
      roleStatements(there, "b".repeat(77)),
      stateStatements(state, "write"),
    ])
      expect(() => policyText("role", statements)).to.not.throw();

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
        // Actions on saved queries know no resource.
        const everywhere = Object.values(services)
          .filter(({ on }) => on(account).includes("*"))
          .flatMap(({ types }) => types);
        const named = declared.filter(({ type }) => !everywhere.some((prefix) => type.startsWith(prefix)));
        const arns = named.map(({ state }) => state.arn).filter((arn): arn is string => typeof arn === "string");
        // A layer's version and an API's parts have more behind their name.
        const outside = arns.filter(
          (arn) => !patterns.some((pattern) => pattern !== "*" && matches(`${pattern}*`, arn)),
        );
        expect(outside).to.deep.equal([]);
        expect(arns.length).to.be.greaterThan(20);
      });

      it("bound the functions' roles by what their policies grant, and no less", () => {
        expect(cutByBoundary(declared)).to.deep.equal([]);
      });
    });

  it("cover the distribution of a stack with delivery, and invalidations in it", async () => {
    const { stack } = await declareStack("dev", { "snail-images:delivery": "cloudfront" });
    const ofCloudFront = stack.resources.filter(({ type }) => type.startsWith("aws:cloudfront/"));
    expect(ofCloudFront).to.have.length(4);
    for (const { type, state } of ofCloudFront) {
      const kind = type.split(":").at(-1) ?? "";
      for (const [verb, may] of [
        ["Get", "read"],
        ["Create", "write"],
        ["Update", "write"],
        ["Delete", "write"],
      ] as const) {
        const statements = serviceStatements(account, may);
        expect(covers(statements, `cloudfront:${verb}${kind}`, String(state.arn)), `${verb}${kind}`).to.equal(true);
      }
    }
    expect(cutByBoundary(stack.resources)).to.deep.equal([]);
  });

  it("bound the functions' roles by no less in an isolated network", async () => {
    const { stack } = await declareStack("dev", { "snail-images:network": "isolated" });
    expect(cutByBoundary(stack.resources)).to.deep.equal([]);
  });

  it("give no statement without a reason: each has resources and actions", () => {
    for (const { Action, Resource } of [...roleStatements(account, "arn"), ...functionBoundary(account)]) {
      expect(Action).to.not.be.empty;
      expect(Resource).to.not.be.empty;
    }
  });
});

/** Grants of functions that their boundary takes away again. */
function cutByBoundary(declared: readonly GatheredResource[]): string[] {
  const boundary = functionBoundary(account);
  const cut = declared
    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
    .flatMap(({ state }) => (JSON.parse(String(state.policy)) as { Statement: PolicyStatement[] }).Statement)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => ({ action, resource })))
        .filter(({ action, resource }) => !covers(boundary, action, resource)),
    );
  return [...new Set(cut.map(({ action, resource }) => `${action} ${resource}`))];
}

interface PolicyStatement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
}

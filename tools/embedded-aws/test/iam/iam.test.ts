import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openDatabase } from "../../database";
import { AwsError } from "../../http/awsError";
import type { AccessDecision } from "../../iam/evaluate";
import { createIam, type LocalIam } from "../../iam/iam";
import type { HeldPolicy, PolicyDocument } from "../../iam/policyDocument";
import type { Principal } from "../../iam/principal";
import { testPlace } from "../support/aws";

const accountId = "123456789012";
const arn = `arn:aws:iam::${accountId}:role/snail/worker`;
const worker: Principal = { kind: "role", arn, accountId };
const key = "arn:aws:s3:::photos/a.jpg";
const trustPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "lambda.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
  ],
};
const allow = (Action: string | string[], Resource: string | string[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource }],
});
const bucketPolicy = (Statement: PolicyDocument["Statement"]): HeldPolicy => ({
  holder: "arn:aws:s3:::photos",
  name: "bucket policy",
  document: { Statement },
});
const denyPlain = bucketPolicy({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

function denial(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AwsError) return `${error.status} ${error.code}: ${error.message}`;
    throw error;
  }
  return "allowed";
}

describe("IAM", () => {
  let iam: LocalIam;
  const user = (): Principal => iam.lookup(iam.owner.accessKeyId)!.principal;

  beforeEach(() => {
    iam = createIam({ db: openDatabase(":memory:"), place: testPlace() });
    iam.putRole({ arn, trustPolicy: JSON.stringify(trustPolicy) });
    iam.putRolePolicy("worker", "Reading", JSON.stringify(allow("s3:GetObject", "arn:aws:s3:::photos/*")));
  });

  it("lets a role do what its policies allow", () => {
    iam.authorize({ principal: worker, action: "s3:GetObject", resource: key });
  });

  // "Troubleshoot access denied error messages" (troubleshoot_access-denied.html)
  describe("words a denial as AWS does", () => {
    const start = `403 AccessDenied: User: arn:aws:sts::${accountId}:assumed-role/worker/local is not authorized to perform: `;
    it("of what no policy allows", () => {
      expect(denial(() => iam.authorize({ principal: worker, action: "s3:PutObject", resource: key }))).to.equal(
        `${start}s3:PutObject on resource: "${key}" because no identity-based policy allows the s3:PutObject action`,
      );
      const queue = `arn:aws:sqs:eu-central-1:${accountId}:queue`;
      expect(denial(() => iam.authorize({ principal: worker, action: "sqs:SendMessage", resource: queue }))).to.equal(
        `${start}sqs:SendMessage on resource: ${queue} because no identity-based policy allows the sqs:SendMessage action`,
      );
    });
    it("of what the role's policy denies", () => {
      iam.putRolePolicy("worker", "Never", { Statement: { Effect: "Deny", Action: "s3:*", Resource: "*" } });
      expect(denial(() => iam.authorize({ principal: worker, action: "s3:GetObject", resource: key }))).to.equal(
        `${start}s3:GetObject on resource: "${key}" with an explicit deny in an identity-based policy`,
      );
    });
    it("of what the resource's policy denies", () => {
      const question = { principal: worker, action: "s3:GetObject", resource: key, resourcePolicy: denyPlain };
      expect(denial(() => iam.authorize(question))).to.equal("allowed");
      expect(denial(() => iam.authorize({ ...question, secure: false }))).to.equal(
        `${start}s3:GetObject on resource: "${key}" with an explicit deny in a resource-based policy`,
      );
    });
    it("to a service", () => {
      const principal: Principal = { kind: "service", arn: "s3.amazonaws.com", accountId };
      expect(denial(() => iam.authorize({ principal, action: "sqs:SendMessage", resource: "arn:q" }))).to.equal(
        "403 AccessDenied: User: s3.amazonaws.com is not authorized to perform: sqs:SendMessage on resource: arn:q " +
          "because no resource-based policy allows the sqs:SendMessage action",
      );
    });
    it("of an action without a resource", () => {
      expect(
        denial(() => iam.authorize({ principal: worker, action: "xray:PutTraceSegments", resource: "*" })),
      ).to.equal(
        `${start}xray:PutTraceSegments because no identity-based policy allows the xray:PutTraceSegments action`,
      );
    });
    it("to anonymous callers, without a reason", () => {
      const principal: Principal = { kind: "anonymous", arn: "*", accountId: "" };
      expect(denial(() => iam.authorize({ principal, action: "s3:GetObject", resource: key }))).to.equal(
        "403 AccessDenied: Access Denied",
      );
    });
  });

  it("lets the owner do everything but what a resource denies", () => {
    const question = { principal: user(), action: "s3:DeleteBucket", resource: "arn:aws:s3:::photos" };
    iam.authorize(question);
    expect(denial(() => iam.authorize({ ...question, secure: false, resourcePolicy: denyPlain }))).to.contain(
      `User: arn:aws:iam::${accountId}:user/local is not authorized`,
    );
  });

  it("gives conditions the source of a service's call, and the caller's own ARN", () => {
    const principal: Principal = {
      kind: "service",
      arn: "s3.amazonaws.com",
      accountId,
      sourceArn: "arn:aws:s3:::photos",
      sourceAccount: accountId,
    };
    const policyFor = (sourceArn: string): HeldPolicy =>
      bucketPolicy({
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: "arn:q",
        Condition: { ArnEquals: { "aws:SourceArn": sourceArn }, StringEquals: { "aws:SourceAccount": accountId } },
      });
    const question = { principal, action: "sqs:SendMessage", resource: "arn:q" };
    iam.authorize({ ...question, resourcePolicy: policyFor("arn:aws:s3:::photos") });
    expect(denial(() => iam.authorize({ ...question, resourcePolicy: policyFor("arn:aws:s3:::other") }))).to.contain(
      "AccessDenied",
    );

    const Condition = { StringEquals: { "aws:PrincipalArn": arn, "aws:PrincipalAccount": accountId } };
    iam.putRolePolicy("worker", "Self", {
      Statement: { Effect: "Allow", Action: "sqs:DeleteMessage", Resource: "*", Condition },
    });
    iam.authorize({ principal: worker, action: "sqs:DeleteMessage", resource: "arn:q" });
  });

  it("knows a role by its path too", () => {
    const other = `arn:aws:iam::${accountId}:role/worker`;
    const principal: Principal = { ...worker, arn: other };
    expect(denial(() => iam.authorize({ principal, action: "s3:GetObject", resource: key }))).to.contain(
      "AccessDenied",
    );
    expect(denial(() => iam.credentialsOf(other))).to.contain("NoSuchEntity");
  });

  describe("lets a service assume a role", () => {
    const lambda: Principal = { kind: "service", arn: "lambda.amazonaws.com", accountId, sourceAccount: accountId };
    it("that trusts it", () => {
      expect(iam.assume(arn, lambda)).to.deep.equal(worker);
    });
    const refused: [string, Principal][] = [
      ["whose trust names another", { ...lambda, arn: "apigateway.amazonaws.com" }],
      ["whose trust has conditions that do not hold", { ...lambda, sourceAccount: "999999999999" }],
    ];
    for (const [name, service] of refused) {
      it(`but not one ${name}`, () => {
        expect(denial(() => iam.assume(arn, service))).to.equal(
          `403 AccessDenied: User: ${service.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn} ` +
            "because no role trust policy allows the sts:AssumeRole action",
        );
      });
    }
    it("but not one that does not exist", () => {
      expect(denial(() => iam.assume(`${arn}2`, lambda))).to.equal(
        "404 NoSuchEntity: The role with name worker2 cannot be found.",
      );
    });
  });

  describe("tells each decision", () => {
    let told: AccessDecision[];
    beforeEach(() => {
      told = [];
      iam.onDecision((decision) => told.push(decision));
    });

    it("with every statement that allows the call", () => {
      iam.putRolePolicy("worker", "Again", allow(["s3:GetObject", "s3:Get*"], ["arn:aws:s3:::photos/*", key]));
      iam.authorize({ principal: worker, action: "s3:GetObject", resource: key });
      const by = { source: "identity", holder: arn, statement: 0 };
      const again = { ...by, policy: "Again" };
      expect(told).to.deep.equal([
        {
          caller: { kind: "role", arn },
          action: "s3:GetObject",
          resource: key,
          context: {},
          allowedBy: [
            { ...by, policy: "Reading", actionPattern: "s3:GetObject", resourcePattern: "arn:aws:s3:::photos/*" },
            { ...again, actionPattern: "s3:GetObject", resourcePattern: "arn:aws:s3:::photos/*" },
            { ...again, actionPattern: "s3:GetObject", resourcePattern: key },
            { ...again, actionPattern: "s3:Get*", resourcePattern: "arn:aws:s3:::photos/*" },
            { ...again, actionPattern: "s3:Get*", resourcePattern: key },
          ],
        },
      ]);
    });

    it("with why it is denied", () => {
      denial(() => iam.authorize({ principal: worker, action: "s3:PutObject", resource: key }));
      expect(told).to.deep.equal([
        {
          caller: { kind: "role", arn },
          action: "s3:PutObject",
          resource: key,
          context: {},
          denied:
            `User: arn:aws:sts::${accountId}:assumed-role/worker/local is not authorized to perform: s3:PutObject ` +
            `on resource: "${key}" because no identity-based policy allows the s3:PutObject action`,
        },
      ]);
    });

    it("with the condition keys that statements about the call ask for, and no others", () => {
      const Condition = { StringLike: { "s3:prefix": "images/*" }, Null: { "s3:delimiter": "true" } };
      iam.putRolePolicy("worker", "List", {
        Statement: { Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition },
      });
      const question = { principal: worker, action: "s3:ListBucket", resource: "arn:aws:s3:::photos" };
      iam.authorize({
        ...question,
        context: { "s3:prefix": "images/a", "s3:max-keys": "1" },
        resourcePolicy: denyPlain,
      });
      expect(told.map(({ context }) => context)).to.deep.equal([
        { "s3:prefix": "images/a", "s3:delimiter": null, "aws:securetransport": "true" },
      ]);
    });

    it("about who assumes a role, too", () => {
      iam.assume(arn, { kind: "service", arn: "lambda.amazonaws.com", accountId, sourceAccount: accountId });
      expect(told.map(({ caller, action, allowedBy }) => [caller.arn, action, allowedBy?.[0]?.policy])).to.deep.equal([
        ["lambda.amazonaws.com", "sts:AssumeRole", "trust policy"],
      ]);
    });

    it("until that is ended", () => {
      const more: AccessDecision[] = [];
      iam.onDecision((decision) => more.push(decision))();
      iam.authorize({ principal: worker, action: "s3:GetObject", resource: key });
      expect([told.length, more.length]).to.deep.equal([1, 0]);
    });
  });
});

describe("IAM's keys and roles", () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "iam-"))));
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  let now = Date.UTC(2026, 0, 1);
  const hours = 60 * 60_000;
  function withIam<Result>(work: (iam: LocalIam) => Result): Result {
    const db = openDatabase(join(dir, "aws.sqlite"));
    try {
      return work(createIam({ db, place: testPlace(), now: () => now }));
    } finally {
      db.close();
    }
  }

  it("look as AWS's do", () => {
    withIam((iam) => {
      iam.putRole({ arn, trustPolicy });
      expect(iam.owner.accessKeyId).to.match(/^AKIA[A-Z2-7]{16}$/);
      expect(iam.owner.secretAccessKey).to.match(/^[A-Za-z0-9+/]{40}$/);
      expect(iam.owner.sessionToken).to.equal(undefined);
      const { accessKeyId, sessionToken } = iam.credentialsOf(arn);
      expect(accessKeyId).to.match(/^ASIA[A-Z2-7]{16}$/);
      expect(sessionToken).to.have.length.greaterThan(100);
      expect(iam.lookup(accessKeyId)?.principal).to.deep.equal(worker);
      expect(iam.lookup("AKIAUNKNOWN")).to.equal(undefined);
    });
  });

  it("of a role are renewed while the old ones still hold, and are gone once they have expired", () => {
    const first = withIam((iam) => {
      iam.putRole({ arn, trustPolicy });
      const { accessKeyId, expiresAt } = iam.credentialsOf(arn);
      expect(expiresAt).to.equal(now + 12 * hours);
      now += 7 * hours;
      expect(iam.credentialsOf(arn).accessKeyId).to.not.equal(accessKeyId);
      expect(iam.lookup(accessKeyId)?.credentials.expiresAt).to.equal(expiresAt);
      return accessKeyId;
    });
    withIam((iam) => expect(iam.lookup(first)?.principal).to.deep.equal(worker));
    now += 6 * hours;
    withIam((iam) => {
      expect(iam.lookup(first)).to.equal(undefined);
      expect(iam.lookup(iam.owner.accessKeyId)?.credentials).to.not.have.property("expiresAt");
    });
  });

  it("keep their keys over a restart, and lose every grant that is not declared again", () => {
    const before = withIam((iam) => {
      iam.putRole({ arn, trustPolicy });
      iam.putRolePolicy("worker", "Reading", allow("s3:GetObject", "*"));
      return { owner: iam.owner, role: iam.credentialsOf(arn) };
    });
    withIam((iam) => {
      expect(iam.policies()).to.deep.equal([]);
      expect(denial(() => iam.authorize({ principal: worker, action: "s3:GetObject", resource: key }))).to.contain(
        "AccessDenied",
      );
      iam.putRole({ arn, trustPolicy });
      expect({ owner: iam.owner, role: iam.credentialsOf(arn) }).to.deep.equal(before);
    });
  });

  it("take a policy that is declared again in the place of the old one", () => {
    withIam((iam) => {
      iam.putRole({ arn, trustPolicy });
      iam.putRolePolicy("worker", "P", allow("s3:GetObject", "*"));
      iam.putRolePolicy("worker", "P", allow("s3:PutObject", "*"));
      iam.putRole({ arn, trustPolicy });
      const own = iam.policies().flatMap(({ policies }) => policies);
      expect(own).to.deep.equal([{ holder: arn, name: "P", document: allow("s3:PutObject", "*") }]);
    });
  });
});

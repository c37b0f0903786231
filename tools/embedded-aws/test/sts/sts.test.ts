import { createHash } from "node:crypto";
import { expect } from "chai";
import { canonicalRequest } from "../../http/canonicalRequest";
import { hmacHex, scopeText, sha256Hex, signingKey, timestampOf } from "../../http/signingKey";
import { createSts } from "../../sts/sts";
import type { Credentials } from "../../iam/credentials";
import { startTestAws, type TestAws } from "../support/aws";

// GetCallerIdentity (STS API reference, API_GetCallerIdentity.html).
describe("STS", () => {
  let aws: TestAws;
  before(async () => {
    aws = await startTestAws({ services: ({ place }) => ({ sts: createSts({ place }) }) });
  });
  after(() => aws.close());

  /** A signed call of the query protocol: this project has no STS client. */
  async function call(credentials: Credentials, form: Record<string, string>): Promise<[number, string]> {
    const body = new URLSearchParams(form).toString();
    const timestamp = timestampOf(new Date());
    const { host } = new URL(aws.url);
    const headers: Record<string, string> = {
      "content-type": "application/x-www-form-urlencoded",
      host,
      "x-amz-date": timestamp,
      ...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
    };
    const signedHeaders = Object.keys(headers).sort();
    const service = "sts";
    const payloadHash = createHash("sha256").update(body).digest("hex");
    const canonical = canonicalRequest({
      method: "POST",
      path: "/",
      rawQuery: "",
      headers,
      signedHeaders,
      payloadHash,
      service,
    });
    const { accessKeyId } = credentials;
    const scope = { accessKeyId, date: timestamp.slice(0, 8), region: aws.place.region, service };
    const text = ["AWS4-HMAC-SHA256", timestamp, scopeText(scope), sha256Hex(canonical)].join("\n");
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scopeText(scope)}, SignedHeaders=${signedHeaders.join(";")}, ` +
      `Signature=${hmacHex(signingKey(credentials.secretAccessKey, scope), text)}`;
    const response = await fetch(aws.url, { method: "POST", headers: { ...headers, authorization }, body });
    return [response.status, await response.text()];
  }
  const question = { Action: "GetCallerIdentity", Version: "2011-06-15" };

  it("tells the owner who it is", async () => {
    const [status, body] = await call(aws.iam.owner, question);
    expect(status).to.equal(200);
    expect(body).to.contain(
      "<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/local</Arn><UserId>AIDALOCAL</UserId>" +
        "<Account>123456789012</Account></GetCallerIdentityResult>",
    );
  });

  it("tells a role which one it is", async () => {
    const [, body] = await call(aws.iam.credentialsOf(aws.role("worker")), question);
    expect(body).to.contain("<Arn>arn:aws:sts::123456789012:assumed-role/worker/local</Arn>");
    expect(body).to.match(/<UserId>AROA[A-Z0-9]{17}:local<\/UserId>/);
  });

  it("answers 501 with the name of any other action", async () => {
    const [status, body] = await call(aws.iam.owner, { Action: "AssumeRole", Version: "2011-06-15" });
    expect(status).to.equal(501);
    expect(body).to.contain("<Code>NotImplemented</Code>").and.to.contain("sts:AssumeRole");
  });

  it("answers errors in the query protocol's format", async () => {
    const [status, body] = await call({ ...aws.iam.owner, secretAccessKey: "wrong" }, question);
    expect(status).to.equal(403);
    expect(body).to.match(
      /^<ErrorResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><Error><Type>Sender<\/Type><Code>SignatureDoesNotMatch<\/Code>/,
    );
    expect((await call(aws.iam.owner, {}))[1]).to.contain("<Code>MissingAction</Code>");
  });
});

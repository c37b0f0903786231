import { createHmac } from "node:crypto";
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect } from "chai";
import { startS3, type TestS3 } from "./support";

const Bucket = "photos";
const type = "multipart/form-data; boundary=xyz";

describe("S3 presigned URLs and forms", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const text = async (Key: string): Promise<string | undefined> =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

  it("uploads and downloads with presigned URLs, headers in the query included (using-presigned-url)", async () => {
    const put = new PutObjectCommand({ Bucket, Key: "a b+c.jpg", Metadata: { from: "browser" } });
    // The SDK adds the checksum of an empty body to this URL; S3 supports no checksums in presigned URLs.
    const uploaded = await fetch(await getSignedUrl(s3, put), { method: "PUT", body: "hello" });
    expect(uploaded.status).to.equal(200);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "a b+c.jpg" }));
    expect(head.Metadata).to.deep.equal({ from: "browser" });
    const get = new GetObjectCommand({ Bucket, Key: "a b+c.jpg", ResponseContentType: "image/jpeg" });
    const got = await fetch(await getSignedUrl(s3, get));
    expect(got.headers.get("content-type")).to.equal("image/jpeg");
    expect(await got.text()).to.equal("hello");
  });

  it("answers the preflight request of a presigned URL without a look at its signature (RESTOPTIONSobject)", async () => {
    const [origin, method] = ["https://localhost:4200", "PUT"];
    const CORSConfiguration = { CORSRules: [{ AllowedOrigins: [origin], AllowedMethods: [method] }] };
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }));
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "a.jpg" }));
    const headers = { origin, "access-control-request-method": method };
    const answer = await fetch(url, { method: "OPTIONS", headers });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get("access-control-allow-origin")).to.equal(origin);
  });

  it("takes user metadata as signed headers, unchanged and nothing beside it (sigv4-query-string-auth)", async () => {
    const put = new PutObjectCommand({ Bucket, Key: "k", Metadata: { by: "me" } });
    const url = await getSignedUrl(s3, put, { unhoistableHeaders: new Set(["x-amz-meta-by"]) });
    const send = async (headers: Record<string, string>) => {
      const answer = await fetch(url, { method: "PUT", body: "hello", headers });
      return `${answer.status} ${/<Code>(\w+)/.exec(await answer.text())?.[1] ?? ""}`;
    };
    expect(await send({})).to.equal("403 SignatureDoesNotMatch");
    expect(await send({ "x-amz-meta-by": "you" })).to.equal("403 SignatureDoesNotMatch");
    expect(await send({ "x-amz-meta-by": "me", "x-amz-meta-as": "well" })).to.equal("403 AccessDenied");
    expect(await send({ "x-amz-meta-by": "me" })).to.equal("200 ");
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).Metadata).to.deep.equal({ by: "me" });
  });

  interface Upload {
    fields?: Record<string, string>;
    conditions?: unknown[];
    expiration?: string;
    file?: string;
    fileName?: string;
    secret?: string;
  }

  /** A form as "Browser-Based Uploads Using POST" (sigv4-post-example) builds it. */
  function form(upload: Upload): string {
    const { fields = {}, expiration = "2026-03-01T13:00:00.000Z", file = "hello", fileName = "café.jpg" } = upload;
    const { accessKeyId, secretAccessKey } = aws.iam.owner;
    const day = "20260301";
    const signing = {
      "x-amz-algorithm": "AWS4-HMAC-SHA256",
      "x-amz-credential": `${accessKeyId}/${day}/eu-central-1/s3/aws4_request`,
      "x-amz-date": `${day}T120000Z`,
    };
    const conditions = [
      { bucket: Bucket },
      ["starts-with", "$key", "uploads/"],
      ...Object.entries(signing).map(([name, value]) => ({ [name]: value })),
      ...(upload.conditions ?? []),
    ];
    const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");
    const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();
    const scope = [day, "eu-central-1", "s3", "aws4_request"];
    const key = scope.reduce<string | Buffer>(hmac, `AWS4${upload.secret ?? secretAccessKey}`);
    const all = {
      key: "uploads/${filename}",
      ...fields,
      ...signing,
      policy,
      "x-amz-signature": hmac(key, policy).toString("hex"),
    };
    const parts = Object.entries(all).map(
      ([name, value]) => `--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const filePart = `--xyz\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: image/jpeg\r\n\r\n${file}\r\n--xyz--\r\n`;
    return parts.join("") + filePart;
  }
  const post = (upload: Upload): Promise<Response> =>
    fetch(`${aws.url}/${Bucket}`, { method: "POST", headers: { "content-type": type }, body: form(upload) });

  it("stores a file posted by a form under its own name (RESTObjectPOST)", async () => {
    const fields = { "Content-Type": "image/png", "x-amz-meta-by": "me", success_action_status: "201" };
    const conditions = [
      ["starts-with", "$Content-Type", "image/"],
      ["eq", "$x-amz-meta-by", "me"],
      { success_action_status: "201" },
      ["content-length-range", 1, 10],
    ];
    aws.service.setNotifications(Bucket, [
      { id: "q", queueArn: "arn:aws:sqs:eu-central-1:1:q", events: ["s3:ObjectCreated:Post"], prefix: "", suffix: "" },
    ]);
    const answer = await post({ fields, conditions, file: "he\r\n--xy" });
    expect(answer.status).to.equal(201);
    expect(await answer.text()).to.contain("<Key>uploads/café.jpg</Key>");
    expect(await text("uploads/café.jpg")).to.equal("he\r\n--xy");
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "uploads/café.jpg" }));
    expect(head).to.deep.include({ ContentType: "image/png", Metadata: { by: "me" } });
    expect(aws.deliveries.at(-1)?.body).to.contain("ObjectCreated:Post");
  });

  it("answers 204, or redirects with bucket, key and ETag (RESTObjectPOST: success_action_redirect)", async () => {
    expect((await post({})).status).to.equal(204);
    const target = `${aws.url}/done?x=1`;
    const answer = await fetch(`${aws.url}/${Bucket}`, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": type },
      body: form({ fields: { success_action_redirect: target }, conditions: [{ success_action_redirect: target }] }),
    });
    expect(answer.status).to.equal(303);
    const location = new URL(answer.headers.get("location") ?? "");
    expect(Object.fromEntries(location.searchParams)).to.deep.equal({
      x: "1",
      bucket: Bucket,
      key: "uploads/café.jpg",
      etag: '"5d41402abc4b2a76b9719d911017c592"',
    });
  });

  // sigv4-HTTPPOSTConstructPolicy
  const refused: [why: string, upload: Upload, expected: RegExp][] = [
    ["an expired policy", { expiration: "2026-03-01T11:00:00.000Z" }, /AccessDenied.*Policy expired/],
    ["a key outside the policy", { fields: { key: "elsewhere" } }, /AccessDenied.*Policy Condition failed/],
    [
      "a field without a condition",
      { fields: { "x-amz-meta-a": "b" } },
      /AccessDenied.*Extra input fields: x-amz-meta-a/,
    ],
    [
      "user metadata outside the policy",
      { fields: { "x-amz-meta-a": "changed" }, conditions: [{ "x-amz-meta-a": "b" }] },
      /AccessDenied.*Policy Condition failed/,
    ],
    [
      "a form without user metadata that the policy asks for",
      { conditions: [{ "x-amz-meta-a": "b" }] },
      /AccessDenied.*Policy Condition failed/,
    ],
    [
      "user metadata over 2 KB",
      { fields: { "x-amz-meta-a": "x".repeat(2_048) }, conditions: [["starts-with", "$x-amz-meta-a", ""]] },
      /MetadataTooLarge/,
    ],
    ["a file too large", { conditions: [["content-length-range", 0, 4]] }, /EntityTooLarge/],
    ["a file too small", { conditions: [["content-length-range", 6, 9]] }, /EntityTooSmall/],
    ["a wrong signature", { secret: "guessed" }, /SignatureDoesNotMatch/],
  ];
  for (const [why, upload, expected] of refused) {
    it(`refuses ${why}`, async () => {
      const answer = await post(upload);
      expect(answer.status).to.be.within(400, 403);
      expect(await answer.text()).to.match(expected);
      expect(aws.db.prepare("SELECT count(*) AS versions FROM s3_version").get()?.versions).to.equal(0);
    });
  }

  it("refuses a form without policy from an anonymous caller, and a body that is not a form", async () => {
    const unsigned =
      '--xyz\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n--xyz\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--xyz--\r\n';
    const send = (contentType: string, body: string): Promise<Response> =>
      fetch(`${aws.url}/${Bucket}`, { method: "POST", headers: { "content-type": contentType }, body });
    expect((await send(type, unsigned)).status).to.equal(403);
    expect((await send("text/plain", unsigned)).status).to.equal(412);
    expect((await send(type, unsigned.slice(0, 80))).status).to.equal(400);
  });
});

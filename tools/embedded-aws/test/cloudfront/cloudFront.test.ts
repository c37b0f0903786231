import { CloudFrontClient, CreateInvalidationCommand, ListDistributionsCommand } from "@aws-sdk/client-cloudfront";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createCloudFront, type CloudFront } from "../../cloudfront/cloudFront";
import { freePort } from "../../freePort";
import { createS3 } from "../../s3/s3";
import { startTestAws, type TestAws } from "../support/aws";

const arn = "arn:aws:cloudfront::123456789012:distribution/E1";
const Bucket = "photos";

describe("CloudFront", () => {
  let aws: TestAws;
  let cloudfront: CloudFront;
  let url: string;
  let now = Date.parse("2030-01-01T00:00:00Z");
  before(async () => {
    aws = await startTestAws({
      services: ({ db, iam, place, dir }) => {
        const s3 = createS3({ db, dir, iam, place, sqs: { deliver: () => undefined } });
        cloudfront = createCloudFront({ iam, place, s3, announce: () => undefined, now: () => now });
        return { s3, cloudfront: cloudfront.control };
      },
    });
    const s3 = aws.s3();
    await s3.send(new CreateBucketCommand({ Bucket }));
    await allow(arn);
    cloudfront.putOriginAccessControl("A1", { signs: true });
    cloudfront.putCachePolicy("C1", { minSeconds: 0, defaultSeconds: 60, maxSeconds: 3600 });
    cloudfront.putHeadersPolicy("H1", {
      headers: [
        { name: "x-content-type-options", value: "nosniff", overrides: true },
        { name: "cache-control", value: "no-store", overrides: false },
      ],
      cors: { origins: ["https://a.example"], exposed: ["ETag"], overrides: true },
    });
    const port = (await freePort(0)) ?? 0;
    url = `http://127.0.0.1:${port}`;
    cloudfront.putDistribution({
      id: "E1",
      arn,
      enabled: true,
      bucket: Bucket,
      originAccessControlId: "A1",
      allowedMethods: ["GET", "HEAD"],
      cachePolicyId: "C1",
      headersPolicyId: "H1",
    });
    await cloudfront.listen(port);
  });
  after(async () => {
    await cloudfront.close();
    await aws.close();
  });

  async function allow(sourceArn: string): Promise<void> {
    const { PutBucketPolicyCommand } = await import("@aws-sdk/client-s3");
    const statement = {
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${Bucket}/open/*`,
      Condition: { StringEquals: { "aws:SourceArn": sourceArn } },
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await aws.s3().send(new PutBucketPolicyCommand({ Bucket, Policy }));
  }
  const put = (Key: string, CacheControl?: string) =>
    aws.s3().send(new PutObjectCommand({ Bucket, Key, Body: Key, CacheControl, ContentType: "image/webp" }));
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(url + path, init);
    return { status: response.status, cache: response.headers.get("x-cache"), response, text: await response.text() };
  };
  const invalidate = (paths: string[], CallerReference: string, { quantity = paths.length, client = owner() } = {}) =>
    client.send(
      new CreateInvalidationCommand({
        DistributionId: "E1",
        InvalidationBatch: { Paths: { Quantity: quantity, Items: paths }, CallerReference },
      }),
    );
  const owner = (config = aws.config) => new CloudFrontClient(config);
  const errorOf = (call: Promise<unknown>) =>
    call.then(
      () => "none",
      (error: unknown) => (error as Error).name,
    );

  it("reads the bucket by its policy, as the distribution, and keeps an object for as long as it says", async () => {
    await put("open/a ü.webp", "max-age=100");
    const path = "/open/a%20%C3%BC.webp";
    const first = await get(path);
    expect([first.status, first.cache, first.text]).to.deep.equal([200, "Miss from cloudfront", "open/a ü.webp"]);
    expect(first.response.headers.get("content-type")).to.equal("image/webp");
    expect(first.response.headers.get("age")).to.equal(null);
    now += 99_000;
    const second = await get(`${path}?query`);
    expect([second.cache, second.response.headers.get("age")]).to.deep.equal(["Hit from cloudfront", "99"]);
    const etag = second.response.headers.get("etag") ?? "";
    expect((await get(path, { headers: { "if-none-match": etag } })).status).to.equal(304);
    expect(await get(path, { method: "HEAD" })).to.include({ status: 200, text: "" });
    now += 1_000;
    expect((await get(path)).cache).to.equal("Miss from cloudfront");
  });

  it("keeps an object that does not say for the default, and no longer than the longest time", async () => {
    await put("open/silent");
    await put("open/year", "public, max-age=31536000");
    for (const [path, seconds] of [
      ["/open/silent", 60],
      ["/open/year", 3600],
    ] as const) {
      await get(path);
      now += seconds * 1000 - 1;
      expect((await get(path)).cache, path).to.equal("Hit from cloudfront");
      now += 1;
      expect((await get(path)).cache, path).to.equal("Miss from cloudfront");
    }
  });

  it("answers 403 for all that the policy does not allow, and keeps that for ten seconds", async () => {
    await put("closed/a");
    for (const path of ["/closed/a", "/%63losed/a", "/open/none", "/"]) {
      const { status, cache } = await get(path);
      expect([status, cache], path).to.deep.equal([403, "Error from cloudfront"]);
    }
    await put("open/late");
    await put("open/none");
    expect((await get("/open/none")).status).to.equal(403);
    now += 10_000;
    expect((await get("/open/none")).status).to.equal(200);
    await allow(`${arn}2`);
    expect((await get("/open/late")).status).to.equal(403);
    await allow(arn);
  });

  it("takes the methods of the distribution alone", async () => {
    expect((await get("/open/none", { method: "PUT", body: "x" })).status).to.equal(403);
  });

  it("adds headers, and leaves those of the origin that are not overridden", async () => {
    await put("open/headers", "max-age=5");
    const { headers } = (await get("/open/headers", { headers: { origin: "https://a.example" } })).response;
    expect(Object.fromEntries(headers)).to.include({
      "x-content-type-options": "nosniff",
      "cache-control": "max-age=5",
      "access-control-allow-origin": "https://a.example",
      "access-control-expose-headers": "ETag",
      vary: "Origin",
    });
    const other = (await get("/open/headers", { headers: { origin: "https://b.example" } })).response.headers;
    expect(other.get("access-control-allow-origin")).to.equal(null);
  });

  it("forgets what is invalidated, by its path or a beginning of it", async () => {
    for (const key of ["open/x1", "open/x2", "open/y"]) {
      await put(key, "max-age=1000");
      await get(`/${key}`);
      await aws.s3().send(new DeleteObjectCommand({ Bucket, Key: key }));
    }
    const { Invalidation } = await invalidate(["/open/y"], "one");
    expect(Invalidation).to.deep.include({ Status: "InProgress" });
    expect(Invalidation?.InvalidationBatch?.Paths).to.deep.equal({ Quantity: 1, Items: ["/open/y"] });
    expect([(await get("/open/y")).status, (await get("/open/x1")).status]).to.deep.equal([403, 200]);
    await invalidate(["/open/x*"], "two");
    expect([(await get("/open/x1")).status, (await get("/open/x2")).status]).to.deep.equal([403, 403]);
  });

  it("refuses invalidations as AWS does", async () => {
    for (const path of ["open/a", "/open/*/a", "/a b", "/ü", ""]) {
      expect(await errorOf(invalidate([path], `bad ${path}`)), path).to.equal("InvalidArgument");
    }
    expect(await errorOf(invalidate(["/a"], "three", { quantity: 2 }))).to.equal("InconsistentQuantities");
    const many = Array.from({ length: 3001 }, (_, at) => `/${at}`);
    expect(await errorOf(invalidate(many, "four"))).to.equal("TooManyInvalidationsInProgress");
    const wildcards = Array.from({ length: 16 }, (_, at) => `/${at}*`);
    expect(await errorOf(invalidate(wildcards, "five"))).to.equal("TooManyInvalidationsInProgress");
    await invalidate(["/a"], "six");
    const again = await invalidate(["/a"], "six");
    expect(again.Invalidation?.Id).to.match(/^I\d{13}$/);
    expect(await errorOf(invalidate(["/b"], "six"))).to.equal("InvalidationBatchAlreadyExists");
  });

  it("asks IAM, and knows no other distribution and operation", async () => {
    const role = (Resource: string) =>
      owner(aws.configFor(aws.role(`r${Resource.length}`, [{ Action: "cloudfront:CreateInvalidation", Resource }])));
    await invalidate(["/a"], "seven", { client: role(arn) });
    expect(await errorOf(invalidate(["/a"], "eight", { client: role(`${arn}2`) }))).to.equal("AccessDenied");
    const InvalidationBatch = { Paths: { Quantity: 1, Items: ["/a"] }, CallerReference: "nine" };
    const other = new CreateInvalidationCommand({ DistributionId: "E2", InvalidationBatch });
    expect(await errorOf(owner().send(other))).to.equal("NoSuchDistribution");
    expect(await errorOf(owner().send(new ListDistributionsCommand({})))).to.equal("NotImplemented");
  });

  it("serves one distribution, of what the program declares", () => {
    const { distribution } = { distribution: { id: "E3", arn, enabled: true, bucket: Bucket } };
    expect(() => cloudfront.putDistribution({ ...distribution, allowedMethods: [], cachePolicyId: "C1" })).to.throw(
      "more than one distribution",
    );
    const fresh = createCloudFront({ iam: aws.iam, place: aws.place, s3: {} as never, announce: () => undefined });
    expect(() => fresh.putDistribution({ ...distribution, allowedMethods: [], cachePolicyId: "C9" })).to.throw(
      "the cache policy C9 of CloudFront, which the program does not declare",
    );
  });
});

import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createPresignedUploads } from "../../../handlers/aws/presignedUploads";
import { startAwsClients, type AwsClients } from "../../support/emptyAws";

const key = "images/ä photo+1 (100%).jpg";
const expiresInSeconds = 900;
const userMetadata: Record<string, string> = { metadata: "eyJhIjoxfQ", focus: "eyJ4IjowLCJ5IjoxfQ" };

/** Other values for fields or headers; undefined leaves one out. */
type Changes = Record<string, string | undefined>;
const changed = (given: Record<string, string>, changes: Changes): [string, string][] =>
  Object.entries({ ...given, ...changes }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));

describe("presigned uploads, on the embedded AWS", () => {
  let aws: AwsClients;
  let presigned: ReturnType<typeof createPresignedUploads>;
  before(async () => {
    aws = await startAwsClients();
    presigned = createPresignedUploads(aws.s3, "temp");
    await aws.s3.send(new CreateBucketCommand({ Bucket: "temp" }));
    await aws.s3.send(
      new PutBucketVersioningCommand({ Bucket: "temp", VersioningConfiguration: { Status: "Enabled" } }),
    );
  });
  after(() => aws.close());

  /** Sends the form with some fields changed, and gives the answer's status and S3's error. */
  async function post(body: Uint8Array, changes: Changes = {}, terms = { expiresInSeconds, userMetadata }) {
    const { url, fields } = await presigned.post(key, { maxBytes: 100, ...terms });
    const form = new FormData();
    for (const [name, value] of changed(fields, changes)) form.append(name, value);
    form.append("file", new Blob([Buffer.from(body)]), "any.bin");
    const response = await fetch(url, { method: "POST", body: form });
    return { status: response.status, error: /<Code>(\w+)</.exec(await response.text())?.[1] };
  }
  async function put(
    body: Uint8Array,
    bytes: number,
    changes: Changes = {},
    terms = { expiresInSeconds, userMetadata },
  ) {
    const { url, headers } = await presigned.put(key, { bytes, ...terms });
    const sent = { method: "PUT", headers: Object.fromEntries(changed(headers, changes)), body: Buffer.from(body) };
    const response = await fetch(url, sent);
    return { status: response.status, error: /<Code>(\w+)</.exec(await response.text())?.[1] };
  }
  const stored = async () => {
    const object = await aws.s3.send(new GetObjectCommand({ Bucket: "temp", Key: key }));
    const { ContentType: type, Metadata } = object;
    return { type, body: await object.Body?.transformToString(), userMetadata: Metadata };
  };
  const count = async () =>
    ((await aws.s3.send(new ListObjectVersionsCommand({ Bucket: "temp" }))).Versions ?? []).length;

  it("store what a form sends", async () => {
    expect(await post(Buffer.from("by form"))).to.deep.equal({ status: 204, error: undefined });
    expect(await stored()).to.deep.equal({ type: "application/octet-stream", body: "by form", userMetadata });
  });

  it("store what a PUT sends", async () => {
    expect(await put(Buffer.from("by PUT"), 6)).to.deep.equal({ status: 200, error: undefined });
    expect(await stored()).to.deep.equal({ type: "application/octet-stream", body: "by PUT", userMetadata });
  });

  for (const [title, send, answer] of [
    ["a form with a longer file", () => post(new Uint8Array(101)), { status: 400, error: "EntityTooLarge" }],
    ["a form with an empty file", () => post(new Uint8Array(0)), { status: 400, error: "EntityTooSmall" }],
    [
      "a form for another key",
      () => post(Buffer.from("x"), { key: "images/b.jpg" }),
      { status: 403, error: "AccessDenied" },
    ],
    [
      "a form with another type",
      () => post(Buffer.from("x"), { "Content-Type": "text/html" }),
      { status: 403, error: "AccessDenied" },
    ],
    [
      "a form with another field",
      () => post(Buffer.from("x"), { "x-amz-meta-a": "b" }),
      { status: 403, error: "AccessDenied" },
    ],
    [
      "a form with other metadata",
      () => post(Buffer.from("x"), { "x-amz-meta-metadata": "e30" }),
      { status: 403, error: "AccessDenied" },
    ],
    [
      "a form without its metadata",
      () => post(Buffer.from("x"), { "x-amz-meta-focus": undefined }),
      { status: 403, error: "AccessDenied" },
    ],
    [
      "a form that has expired",
      () => post(Buffer.from("x"), {}, { expiresInSeconds: -1, userMetadata }),
      { status: 403, error: "AccessDenied" },
    ],
    [
      "a PUT with other metadata",
      () => put(Buffer.from("x"), 1, { "x-amz-meta-metadata": "e30" }),
      { status: 403, error: "SignatureDoesNotMatch" },
    ],
    [
      "a PUT without its metadata",
      () => put(Buffer.from("x"), 1, { "x-amz-meta-metadata": undefined }),
      { status: 403, error: "SignatureDoesNotMatch" },
    ],
    [
      "a PUT with metadata that was not asked for",
      () => put(Buffer.from("x"), 1, { "x-amz-meta-focus": "e30" }, { expiresInSeconds, userMetadata: {} }),
      { status: 403, error: "AccessDenied" },
    ],
    ["a PUT of another length", () => put(Buffer.from("longer"), 5), { status: 403, error: "SignatureDoesNotMatch" }],
    [
      "a PUT of another type",
      () => put(Buffer.from("x"), 1, { "content-type": "text/html" }),
      { status: 403, error: "SignatureDoesNotMatch" },
    ],
  ] as const) {
    it(`do not take ${title}`, async () => {
      const before = await count();
      expect(await send()).to.deep.equal(answer);
      expect(await count()).to.equal(before);
    });
  }
});

import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";
const arn = `arn:aws:s3:::${Bucket}`;

/** Actions: "Required permissions for Amazon S3 API operations" (using-with-s3-policy-actions). */
describe("S3 authorisation", () => {
  let aws: TestS3;
  let owner: S3Client;
  let version: string;
  beforeEach(async () => {
    aws = await startS3();
    owner = aws.s3();
    aws.service.ensureBucket(Bucket);
    aws.service.setVersioning(Bucket, "Enabled");
    const put = await owner.send(new PutObjectCommand({ Bucket, Key: "images/k", Body: "hello", Tagging: "a=b" }));
    version = put.VersionId ?? "";
  });
  afterEach(() => aws.close());

  let roles = 0;
  const as = (...grants: [action: string | string[], resource: string][]): S3Client => {
    const statements = grants.map(([Action, Resource]) => ({ Action, Resource }));
    return aws.s3(aws.configFor(aws.role(`role-${++roles}`, statements)));
  };
  const all: [string, string] = ["s3:*", "*"];
  /** Each operation, and exactly the grants that it needs. */
  const operations: [name: string, grants: [string, string][], call: (s3: S3Client) => Promise<unknown>][] = [
    [
      "GetObject",
      [["s3:GetObject", `${arn}/images/*`]],
      (s3) => s3.send(new GetObjectCommand({ Bucket, Key: "images/k" })),
    ],
    [
      "GetObject of a version",
      [["s3:GetObjectVersion", `${arn}/images/k`]],
      (s3) => s3.send(new GetObjectCommand({ Bucket, Key: "images/k", VersionId: version })),
    ],
    [
      "PutObject",
      [["s3:PutObject", `${arn}/new`]],
      (s3) => s3.send(new PutObjectCommand({ Bucket, Key: "new", Body: "x" })),
    ],
    [
      "PutObject with tags",
      [
        ["s3:PutObject", `${arn}/new`],
        ["s3:PutObjectTagging", `${arn}/new`],
      ],
      (s3) => s3.send(new PutObjectCommand({ Bucket, Key: "new", Body: "x", Tagging: "a=b" })),
    ],
    [
      "CopyObject",
      [
        ["s3:GetObject", `${arn}/images/k`],
        ["s3:GetObjectTagging", `${arn}/images/k`],
        ["s3:PutObject", `${arn}/copy`],
        ["s3:PutObjectTagging", `${arn}/copy`],
      ],
      (s3) => s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/images/k` })),
    ],
    [
      "DeleteObject",
      [["s3:DeleteObject", `${arn}/images/k`]],
      (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: "images/k" })),
    ],
    [
      "DeleteObject of a version",
      [["s3:DeleteObjectVersion", `${arn}/images/k`]],
      (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: "images/k", VersionId: version })),
    ],
    [
      "DeleteObject with an ETag",
      [
        ["s3:DeleteObject", `${arn}/images/k`],
        ["s3:GetObject", `${arn}/images/k`],
      ],
      (s3) =>
        s3.send(new DeleteObjectCommand({ Bucket, Key: "images/k", IfMatch: '"5d41402abc4b2a76b9719d911017c592"' })),
    ],
    ["ListObjectsV2", [["s3:ListBucket", arn]], (s3) => s3.send(new ListObjectsV2Command({ Bucket }))],
    [
      "ListObjectVersions",
      [["s3:ListBucketVersions", arn]],
      (s3) => s3.send(new ListObjectVersionsCommand({ Bucket })),
    ],
    [
      "GetObjectTagging",
      [["s3:GetObjectTagging", `${arn}/images/k`]],
      (s3) => s3.send(new GetObjectTaggingCommand({ Bucket, Key: "images/k" })),
    ],
    [
      "PutObjectTagging of a version",
      [["s3:PutObjectVersionTagging", `${arn}/images/k`]],
      (s3) =>
        s3.send(new PutObjectTaggingCommand({ Bucket, Key: "images/k", VersionId: version, Tagging: { TagSet: [] } })),
    ],
    [
      "AbortMultipartUpload",
      [["s3:AbortMultipartUpload", `${arn}/m`]],
      async (s3) => {
        const { UploadId } = await owner.send(new CreateMultipartUploadCommand({ Bucket, Key: "m" }));
        return s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "m", UploadId }));
      },
    ],
    ["ListBuckets", [["s3:ListAllMyBuckets", "*"]], (s3) => s3.send(new ListBucketsCommand({}))],
  ];
  for (const [name, grants, call] of operations) {
    it(`${name} needs exactly ${grants.map(([action]) => action).join(" and ")}`, async () => {
      for (const missing of grants) {
        const rest = grants.filter((grant) => grant !== missing);
        const error = await failure(call(as(...rest)));
        expect(error.name).to.equal("AccessDenied");
        expect(error.message).to.contain(missing[0]);
      }
      await call(as(...grants));
    });
  }

  it("hides what is missing from callers without s3:ListBucket (API_GetObject: permissions)", async () => {
    const reader: [string[], string] = [["s3:GetObject", "s3:GetObjectVersion"], `${arn}/*`];
    const missing = (s3: S3Client): Promise<unknown> => s3.send(new GetObjectCommand({ Bucket, Key: "no" }));
    const noVersion = (s3: S3Client): Promise<unknown> =>
      s3.send(new GetObjectCommand({ Bucket, Key: "images/k", VersionId: "no" }));
    expect(await code(missing(as(reader)))).to.equal("403 AccessDenied");
    expect(await code(noVersion(as(reader)))).to.equal("403 AccessDenied");
    expect(await code(missing(as(reader, ["s3:ListBucket", arn])))).to.equal("404 NoSuchKey");
    expect(await code(noVersion(as(reader, ["s3:ListBucket", arn])))).to.equal("400 InvalidArgument");
    expect(await code(as(reader).send(new HeadObjectCommand({ Bucket, Key: "no" })))).to.equal("403 Unknown");
    await owner.send(new DeleteObjectCommand({ Bucket, Key: "images/k" }));
    const behindMarker = as(reader).send(new GetObjectCommand({ Bucket, Key: "images/k" }));
    expect(await code(behindMarker)).to.equal("403 AccessDenied");
  });

  it("limits lists by s3:prefix (amazon-s3-policy-keys)", async () => {
    const role = aws.role("lister");
    const Condition = { StringLike: { "s3:prefix": "images/*" } };
    const Statement = { Effect: "Allow", Action: "s3:ListBucket", Resource: arn, Condition };
    aws.iam.putRolePolicy("lister", "list", { Version: "2012-10-17", Statement });
    const s3 = aws.s3(aws.configFor(role));
    await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "images/k" }));
    expect(await code(s3.send(new ListObjectsV2Command({ Bucket, Prefix: "other/" })))).to.equal("403 AccessDenied");
    expect(await code(s3.send(new ListObjectsV2Command({ Bucket })))).to.equal("403 AccessDenied");
  });

  it("answers each key of DeleteObjects by its own permission (API_DeleteObjects)", async () => {
    const Delete = { Objects: [{ Key: "images/k" }, { Key: "other" }] };
    const answer = await as(["s3:DeleteObject", `${arn}/images/*`]).send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect(answer.Deleted?.map(({ Key }) => Key)).to.deep.equal(["images/k"]);
    expect(answer.Errors?.map(({ Key, Code }) => `${Key} ${Code}`)).to.deep.equal(["other AccessDenied"]);
  });

  it("applies the bucket's policy, denials even to the owner (bucket-policies)", async () => {
    const role = aws.role("guest");
    const Statement = [
      { Effect: "Allow", Principal: { AWS: role }, Action: "s3:GetObject", Resource: `${arn}/*` },
      { Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: `${arn}/images/*` },
    ];
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    await owner.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await aws.s3(aws.configFor(role)).send(new GetObjectCommand({ Bucket, Key: "images/k" }));
    expect(await code(owner.send(new DeleteObjectCommand({ Bucket, Key: "images/k" })))).to.equal("403 AccessDenied");
  });

  it("refuses anonymous callers, and unwanted owners (bucket-owner-condition)", async () => {
    const anonymous = await fetch(`${aws.url}/${Bucket}/images/k`);
    expect(anonymous.status).to.equal(403);
    const get = (ExpectedBucketOwner: string): Promise<unknown> =>
      owner.send(new GetObjectCommand({ Bucket, Key: "images/k", ExpectedBucketOwner }));
    await get("123456789012");
    expect(await code(get("999999999999"))).to.equal("403 AccessDenied");
  });

  it("reads nothing of an upload that is not allowed", async () => {
    expect(await code(as(["s3:GetObject", "*"]).send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" })))).to.equal(
      "403 AccessDenied",
    );
    expect(aws.db.prepare("SELECT count(*) AS files FROM s3_file").get()?.files).to.equal(1);
    await as(all).send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
  });

  it("lets a role that must send If-None-Match create objects and overwrite none (conditional-writes-enforce)", async () => {
    const Condition = { Null: { "s3:if-none-match": "false" } };
    const s3 = aws.s3(
      aws.configFor(aws.role("creator", [{ Action: "s3:PutObject", Resource: `${arn}/*`, Condition }])),
    );
    const put = (Key: string, IfNoneMatch?: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", IfNoneMatch }));
    await put("new", "*");
    expect(await code(put("new", "*"))).to.equal("412 PreconditionFailed");
    expect(await code(put("new"))).to.equal("403 AccessDenied");
    expect(await code(put("newer"))).to.equal("403 AccessDenied");
  });
});

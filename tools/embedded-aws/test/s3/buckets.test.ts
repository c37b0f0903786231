import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";

describe("S3 buckets and their settings", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  it("creates, lists and deletes buckets (API_CreateBucket, API_ListBuckets, API_DeleteBucket)", async () => {
    const CreateBucketConfiguration = { LocationConstraint: "eu-central-1" as const };
    const create = (name: string): Promise<unknown> =>
      s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }));
    await create("albums");
    expect(await code(create("albums"))).to.equal("409 BucketAlreadyOwnedByYou");
    expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).to.deep.equal([
      "albums",
      Bucket,
    ]);
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: "albums" }))).LocationConstraint).to.equal(
      "eu-central-1",
    );
    expect((await s3.send(new HeadBucketCommand({ Bucket: "albums" }))).BucketRegion).to.equal("eu-central-1");
    await s3.send(new DeleteBucketCommand({ Bucket: "albums" }));
    expect(await code(s3.send(new HeadBucketCommand({ Bucket: "albums" })))).to.equal("404 NotFound");
  });

  it("refuses names that break the rules (bucketnamingrules)", async () => {
    for (const name of ["Ab-c", "a..b", "192.168.5.4", "xn--photos", "photos-s3alias", "-photos"]) {
      expect(() => aws.service.ensureBucket(name), name).to.throw("The specified bucket is not valid.");
    }
    for (const name of ["a.b", "abc", "0-9", "x".repeat(63)]) aws.service.ensureBucket(name);
  });

  it("deletes no bucket that holds anything, old versions included (API_DeleteBucket: BucketNotEmpty)", async () => {
    aws.service.setVersioning(Bucket, "Enabled");
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(await code(s3.send(new DeleteBucketCommand({ Bucket })))).to.equal("409 BucketNotEmpty");
    for (const id of [VersionId, marker.VersionId]) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: id }));
    }
    await s3.send(new DeleteBucketCommand({ Bucket }));
  });

  it("keeps a lifecycle configuration (API_PutBucketLifecycleConfiguration)", async () => {
    const missing = s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(await code(missing)).to.equal("404 NoSuchLifecycleConfiguration");
    const rule = {
      ID: "old",
      Status: "Enabled" as const,
      Filter: { Prefix: "images/" },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
    };
    const LifecycleConfiguration = { Rules: [rule] };
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).to.deep.equal([rule]);
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect(await code(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).to.equal(
      "404 NoSuchLifecycleConfiguration",
    );
    const empty = s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [] } }),
    );
    expect(await code(empty)).to.equal("400 MalformedXML");
  });

  it("says how objects are encrypted: SSE-S3, or the bucket's default (default-bucket-encryption)", async () => {
    const head = async (Key: string) => {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
      return s3.send(new HeadObjectCommand({ Bucket, Key }));
    };
    expect((await head("a")).ServerSideEncryption).to.equal("AES256");
    const byDefault = {
      SSEAlgorithm: "aws:kms" as const,
      KMSMasterKeyID: "arn:aws:kms:eu-central-1:123456789012:key/k",
    };
    const ServerSideEncryptionConfiguration = {
      Rules: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true }],
    };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    expect((await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration).to.deep.equal(
      ServerSideEncryptionConfiguration,
    );
    expect(await head("b")).to.deep.include({
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: byDefault.KMSMasterKeyID,
      BucketKeyEnabled: true,
    });
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    expect((await head("c")).ServerSideEncryption).to.equal("AES256");
  });

  it("blocks public access of a new bucket, public policies included (access-control-block-public-access)", async () => {
    const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(block.PublicAccessBlockConfiguration).to.deep.equal(all);
    const Statement = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` };
    const put = (statement: object): Promise<unknown> =>
      s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement: statement }) }));
    expect(await code(put(Statement))).to.equal("403 AccessDenied");
    await put({ ...Statement, Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } });
    await put({ ...Statement, Effect: "Deny" });
    const unblock = (parts: object) =>
      s3.send(
        new PutPublicAccessBlockCommand({
          Bucket,
          PublicAccessBlockConfiguration: { ...all, BlockPublicPolicy: false, ...parts },
        }),
      );
    await unblock({});
    await put(Statement);
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "open" }));
    // ceph/s3-tests: test_block_public_restrict_public_buckets.
    expect((await fetch(`${aws.url}/${Bucket}/k`)).status).to.equal(403);
    await unblock({ RestrictPublicBuckets: false });
    expect(await (await fetch(`${aws.url}/${Bucket}/k`)).text()).to.equal("open");
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await code(s3.send(new GetPublicAccessBlockCommand({ Bucket })))).to.equal(
      "404 NoSuchPublicAccessBlockConfiguration",
    );
  });

  it("keeps a policy as it came, and refuses what is none (API_PutBucketPolicy)", async () => {
    expect(await code(s3.send(new GetBucketPolicyCommand({ Bucket })))).to.equal("404 NoSuchBucketPolicy");
    const Statement = { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/x` };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).to.equal(Policy);
    const other = JSON.stringify({ Statement: { ...Statement, Resource: "arn:aws:s3:::photos-other/*" } });
    for (const bad of ["no JSON", "{}", "null", other]) {
      const error = await failure(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: bad })));
      expect(error.name, bad).to.equal("MalformedPolicy");
    }
    const unknown = { ...Statement, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } };
    const refused = s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement: unknown }) }));
    expect((await failure(refused)).message).to.contain("does not implement the condition operator IpAddress");
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).to.equal(Policy);
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await code(s3.send(new GetBucketPolicyCommand({ Bucket })))).to.equal("404 NoSuchBucketPolicy");
  });

  it("enforces the bucket owner's ownership unless told otherwise (about-object-ownership)", async () => {
    const rules = async (): Promise<unknown> =>
      (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls?.Rules;
    expect(await rules()).to.deep.equal([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const put = (more: object): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...more }));
    expect(await code(put({ ACL: "public-read" }))).to.equal("400 AccessControlListNotSupported");
    expect(await code(put({ GrantRead: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }))).to.equal(
      "400 AccessControlListNotSupported",
    );
    await put({ ACL: "bucket-owner-full-control" });
    const OwnershipControls = { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    expect(await rules()).to.deep.equal(OwnershipControls.Rules);
    expect(await code(put({ ACL: "public-read" }))).to.equal("501 NotImplemented");
    await put({ ACL: "private" });
  });

  it("keeps tags of buckets and objects, and leaves the object alone (API_PutObjectTagging)", async () => {
    expect(await code(s3.send(new GetBucketTaggingCommand({ Bucket })))).to.equal("404 NoSuchTagSet");
    const TagSet = [{ Key: "team", Value: "ä + ö" }];
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).to.deep.equal(TagSet);
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await code(s3.send(new GetBucketTaggingCommand({ Bucket })))).to.equal("404 NoSuchTagSet");

    const Key = "k";
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", Tagging: "one=1&two=a%20b" }));
    const tags = async () => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;
    expect(await tags()).to.deep.equal([
      { Key: "one", Value: "1" },
      { Key: "two", Value: "a b" },
    ]);
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    expect(await tags()).to.deep.equal(TagSet);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).to.equal(1);
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect(await tags()).to.deep.equal([]);
  });

  it("limits tags (object-tagging: 10 tags, keys of 128 and values of 256 characters)", async () => {
    const put = (TagSet: { Key: string; Value: string }[]): Promise<unknown> =>
      s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet } }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    await put(Array.from({ length: 10 }, (_, index) => ({ Key: `${index}`, Value: "" })));
    expect(await code(put(Array.from({ length: 11 }, (_, index) => ({ Key: `${index}`, Value: "" }))))).to.equal(
      "400 BadRequest",
    );
    expect(await code(put([{ Key: "k".repeat(129), Value: "" }]))).to.equal("400 InvalidTag");
    expect(await code(put([{ Key: "k", Value: "v".repeat(257) }]))).to.equal("400 InvalidTag");
  });

  it("answers what it does not implement with 501 and the operation's name", async () => {
    const calls: [string, () => Promise<unknown>][] = [
      ["PutBucketWebsite", () => s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: {} }))],
      ["GetBucketAcl", () => s3.send(new GetBucketAclCommand({ Bucket }))],
      [
        "Object Lock",
        () => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ObjectLockLegalHoldStatus: "ON" })),
      ],
    ];
    for (const [operation, call] of calls) {
      const error = await failure(call());
      expect(error.$metadata.httpStatusCode, operation).to.equal(501);
      expect(error.message).to.contain(operation);
    }
  });
});

import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  DeleteObjectsCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  UploadPartCopyCommand,
  type LifecycleRule,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";
const malformed = "400 MalformedXML";

// Requests and answers recorded on AWS by LocalStack's test suite (Apache-2.0); the titles name the recordings.
describe("S3's settings as recorded on AWS", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const put = (Key: string, Body = "test", more = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const messageOf = async (call: Promise<unknown>) => (await failure(call)).message;

  describe("lifecycle", () => {
    const rule = { ID: "wholebucket", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 7 } } as const;
    const set = (...Rules: object[]) =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: { Rules: Rules as LifecycleRule[] },
        }),
      );

    it("test_put_bucket_lifecycle_conf_exc", async () => {
      expect(await code(set({ ...rule, Filter: undefined }))).to.equal(malformed);
      expect(await code(set({ ...rule, NoncurrentVersionExpiration: {} }))).to.equal(malformed);
      expect(await code(set({ ...rule, Expiration: { Days: 7, ExpiredObjectDeleteMarker: true } }))).to.equal(
        malformed,
      );
      const noon = { Date: new Date("2023-01-01T02:02:00Z") };
      expect(await messageOf(set({ ...rule, Expiration: noon }))).to.equal("'Date' must be at midnight GMT");
      const Tags = [
        { Key: "a", Value: "1" },
        { Key: "a", Value: "2" },
      ];
      const twice = set({ ...rule, Filter: { And: { Tags } } });
      expect(await messageOf(twice)).to.equal("Duplicate Tag Keys are not allowed.");
      expect(await code(set({ ...rule, ID: "x".repeat(256) }))).to.equal("400 InvalidArgument");
      expect(await code(set(rule, rule))).to.equal("400 InvalidArgument");
    });

    it("test_s3_transition_default_minimum_object_size; ids are made where there are none", async () => {
      const done = await set({ ...rule, ID: undefined });
      const got = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      const all = "all_storage_classes_128K";
      expect([done.TransitionDefaultMinimumObjectSize, got.TransitionDefaultMinimumObjectSize]).to.deep.equal([
        all,
        all,
      ]);
      expect(got.Rules?.[0]?.ID).to.match(/^[0-9a-f-]{36}$/);
    });

    it("test_bucket_lifecycle_configuration_object_expiry, test_bucket_lifecycle_object_size_rules", async () => {
      await set({ ...rule, Filter: { ObjectSizeGreaterThan: 3 } });
      const expected = 'expiry-date="Mon, 09 Mar 2026 00:00:00 GMT", rule-id="wholebucket"';
      const answers = [
        await put("k"),
        await s3.send(new HeadObjectCommand({ Bucket, Key: "k" })),
        await s3.send(new GetObjectCommand({ Bucket, Key: "k" })),
      ];
      expect(answers.map(({ Expiration }) => Expiration)).to.deep.equal([expected, expected, expected]);
      expect((await put("small", "abc")).Expiration).to.equal(undefined);
    });
  });

  it("test_s3_default_bucket_encryption_exc", async () => {
    const set = (...defaults: object[]) =>
      s3.send(
        new PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: defaults.map((one) => ({
              ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const, ...one },
            })),
          },
        }),
      );
    expect(await code(set({}, {}))).to.equal(malformed);
    expect(await messageOf(set({ KMSMasterKeyID: "key" }))).to.equal(
      "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
    );
    await set({ SSEAlgorithm: "aws:kms" });
    const { SSEKMSKeyId, BucketKeyEnabled } = await put("k");
    expect(SSEKMSKeyId).to.match(/^arn:aws:kms:eu-central-1:123456789012:key\/[0-9a-f-]{36}$/);
    expect(BucketKeyEnabled).to.equal(undefined);
    // test_copy_in_place_with_bucket_encryption
    await s3.send(new CopyObjectCommand({ Bucket, Key: "k", CopySource: `${Bucket}/k` }));
  });

  it("a KMS key needs aws:kms, and reads know no encryption (ceph/s3-tests: test_sse_kms_method_head and its neighbours)", async () => {
    expect(await code(put("k", "", { SSEKMSKeyId: "key" }))).to.equal("400 InvalidArgument");
    expect(await code(put("k", "", { SSEKMSKeyId: "key", ServerSideEncryption: "AES256" }))).to.equal(
      "400 InvalidArgument",
    );
    await put("k");
    const command = new HeadObjectCommand({ Bucket, Key: "k" });
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers["x-amz-server-side-encryption"] = "AES256";
        return next(args);
      },
      { step: "build" },
    );
    expect((await failure(s3.send(command))).$metadata.httpStatusCode).to.equal(400);
  });

  it("test_crud_public_access_block: what is left out is off", async () => {
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    const got = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(got.PublicAccessBlockConfiguration).to.deep.equal({
      BlockPublicAcls: true,
      BlockPublicPolicy: false,
      IgnorePublicAcls: false,
      RestrictPublicBuckets: false,
    });
  });

  it("test_bucket_ownership_controls_exc, test_crud_bucket_ownership_controls", async () => {
    const one = { ObjectOwnership: "BucketOwnerEnforced" as const };
    const two = s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [one, one] } }));
    expect(await code(two)).to.equal(malformed);
    const create = (name: string, ObjectOwnership: string) =>
      s3.send(
        new CreateBucketCommand({
          Bucket: name,
          ObjectOwnership: ObjectOwnership as "ObjectWriter",
          CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
        }),
      );
    expect(await messageOf(create("odd-bucket", "RandomValue"))).to.equal(
      "Invalid x-amz-object-ownership header: RandomValue",
    );
    await create("preferred", "BucketOwnerPreferred");
    const got = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket: "preferred" }));
    expect(got.OwnershipControls?.Rules).to.deep.equal([{ ObjectOwnership: "BucketOwnerPreferred" }]);
  });

  describe("creating buckets", () => {
    const create = (LocationConstraint: string | undefined, Tags?: { Key: string; Value: string }[]) =>
      s3.send(
        new CreateBucketCommand({
          Bucket: "new-bucket",
          CreateBucketConfiguration: { LocationConstraint: LocationConstraint as "eu-central-1", Tags },
        }),
      );

    it("test_different_location_constraint, test_bucket_constraint_aws_global", async () => {
      expect(await code(create("us-east-1"))).to.equal("400 InvalidLocationConstraint");
      expect(await code(create("aws-global"))).to.equal("400 InvalidLocationConstraint");
      expect(await code(create("us-west-1"))).to.equal("400 IllegalLocationConstraintException");
    });

    it("test_create_bucket_with_tags, test_create_bucket_with_tags_exc", async () => {
      expect(await code(create("eu-central-1", [{ Key: "test", Value: "a,b" }]))).to.equal("400 InvalidTag");
      const TagSet = [{ Key: "tag1", Value: "value1" }];
      const { BucketArn } = await create("eu-central-1", TagSet);
      expect(BucketArn).to.equal("arn:aws:s3:::new-bucket");
      expect((await s3.send(new GetBucketTaggingCommand({ Bucket: "new-bucket" }))).TagSet).to.deep.equal(TagSet);
    });
  });

  describe("tags", () => {
    const tag = (...TagSet: { Key: string; Value: string }[]) =>
      s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));

    it("test_tagging_validation", async () => {
      const invalid = async (Key: string, Value: string) => messageOf(tag({ Key, Value }));
      expect(await invalid("Key1,Key2", "Val1")).to.equal("The TagKey you have provided is invalid");
      expect(await invalid("Key1", "Val1,Val2")).to.equal("The TagValue you have provided is invalid");
      expect(await invalid("aws:prefixed", "Val1")).to.equal("System tags cannot be added/updated by requester");
    });

    it("test_object_tagging_exc", async () => {
      for (const Tagging of ["key1=val1&key1=val2", "key1=val1,key2=val2"]) {
        expect(await messageOf(put("k", "", { Tagging }))).to.equal(
          "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
        );
      }
    });

    it("test_bucket_tagging_crud: without tags there is no tag set", async () => {
      await tag({ Key: "tag1", Value: "" });
      await tag();
      expect(await code(s3.send(new GetBucketTaggingCommand({ Bucket })))).to.equal("404 NoSuchTagSet");
    });

    it("test_object_tagging_versioned: a delete marker has none", async () => {
      aws.service.setVersioning(Bucket, "Enabled");
      await put("k");
      await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
      const removal = s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "k" }));
      expect(await code(removal)).to.equal("405 MethodNotAllowed");
    });
  });

  describe("storage classes", () => {
    it("test_put_object_storage_class_outposts", async () => {
      for (const StorageClass of ["OUTPOSTS", "FakeClass"] as const) {
        const error = await failure(put("k", "", { StorageClass }));
        expect([error.name, error.StorageClassRequested]).to.deep.equal(["InvalidStorageClass", StorageClass]);
      }
      const upload = s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k", StorageClass: "OUTPOSTS" }));
      expect(await code(upload)).to.equal("400 InvalidStorageClass");
    });

    it("test_put_object_storage_class[GLACIER-False], test_s3_get_deep_archive_object_restore", async () => {
      for (const StorageClass of ["GLACIER", "DEEP_ARCHIVE"] as const) {
        await put("cold", "test", { StorageClass });
        const error = await failure(s3.send(new GetObjectCommand({ Bucket, Key: "cold" })));
        expect([error.$metadata.httpStatusCode, error.name, error.StorageClass]).to.deep.equal([
          403,
          "InvalidObjectState",
          StorageClass,
        ]);
        const copy = s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/cold` }));
        expect(await code(copy)).to.equal("403 InvalidObjectState");
        expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "cold" }))).StorageClass).to.equal(StorageClass);
      }
    });
  });

  it("test_upload_part_copy_range", async () => {
    await put("source", "0123456789");
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const copy = (CopySourceRange: string) =>
      s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key: "k",
          UploadId,
          PartNumber: 1,
          CopySource: `${Bucket}/source`,
          CopySourceRange,
        }),
      );
    expect(await messageOf(copy("bytes=0-100"))).to.equal("Range specified is not valid for source object of size: 10");
    expect(await messageOf(copy("bytes=100-200"))).to.equal(
      "The specified copy range is invalid for the source object size",
    );
  });

  it("test_get_bucket_policy_invalid_account_id", async () => {
    for (const ExpectedBucketOwner of ["0000", "0000000000020", "abcd"]) {
      const call = s3.send(new GetBucketPolicyCommand({ Bucket, ExpectedBucketOwner }));
      expect(await code(call)).to.equal("400 InvalidBucketOwnerAWSAccountID");
    }
  });

  it("test_user_metadata_rfc2047_bad_b64_encoded", async () => {
    await put("k", "", { Metadata: { "bad-b64-encoded": "=?UTF-8?B?=GGG?=" } });
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).Metadata).to.deep.equal({
      "bad-b64-encoded": "=?UTF-8?B?77+9Ye+/vQ==?=",
    });
  });

  it("test_user_metadata_rfc2047_encoded", async () => {
    const Metadata = {
      "non-ascii": "=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?=",
      "non-ascii-binary": "=?UTF-8?B?AAECAw==?=",
      "fake-encoded": "=?UTF-8?Q?actually-ascii?=",
      "asciib64-encoded": "=?UTF-8?B?YWJj?=",
    };
    await put("k", "", { Metadata });
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).Metadata).to.deep.equal({
      ...Metadata,
      "fake-encoded": "actually-ascii",
      "asciib64-encoded": "abc",
    });
  });

  describe("notifications", () => {
    const queue = "arn:aws:sqs:eu-central-1:123456789012:my-queue";
    const configure = (SkipDestinationValidation: boolean, ...arns: string[]) =>
      s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket,
          SkipDestinationValidation,
          NotificationConfiguration: {
            QueueConfigurations: arns.map((QueueArn, index) => ({
              Id: `id${index}`,
              QueueArn,
              Events: [index === 0 ? ("s3:ObjectCreated:*" as const) : ("s3:ObjectRemoved:*" as const)],
            })),
          },
        }),
      );

    it("test_invalid_sqs_arn, test_multiple_invalid_sqs_arns", async () => {
      const unparsed = await failure(configure(true, queue, "invalid_arn_2"));
      expect([unparsed.message, unparsed.ArgumentName, unparsed.ArgumentValue]).to.deep.equal([
        "The ARN could not be parsed",
        "Queue",
        "invalid_arn_2",
      ]);
      aws.closed.add(queue);
      aws.closed.add(`${queue}-2`);
      const refused = await failure(configure(false, queue, `${queue}-2`));
      expect([refused.message, refused.ArgumentName1, refused.ArgumentName2]).to.deep.equal([
        "Unable to validate the following destination configurations",
        queue,
        `${queue}-2`,
      ]);
      await configure(true, queue);
      const got = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
      expect(got.QueueConfigurations?.map(({ QueueArn }) => QueueArn)).to.deep.equal([queue]);
      expect(aws.deliveries).to.deep.equal([]);
    });

    it("TestS3NotificationsToSQS::test_delete_objects: one event for each key, there or not", async () => {
      await configure(false, "arn:aws:sqs:eu-central-1:123456789012:other", queue);
      await put("there");
      aws.deliveries.length = 0;
      const Objects = [{ Key: "there" }, { Key: "wrong-key-1" }, { Key: "wrong-key-2" }];
      await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      const records = aws.deliveries.map(
        ({ body }) => JSON.parse(body) as { Records: [{ eventName: string; s3: { object: { key: string } } }] },
      );
      expect(records.map(({ Records: [record] }) => [record.eventName, record.s3.object.key])).to.deep.equal(
        Objects.map(({ Key }) => ["ObjectRemoved:Delete", Key]),
      );
    });
  });

  describe("CORS", () => {
    const rules = (...more: object[]) =>
      s3.send(
        new PutBucketCorsCommand({
          Bucket,
          CORSConfiguration: {
            CORSRules: more.map((one) => ({
              AllowedOrigins: ["https://localhost:4200"],
              AllowedMethods: ["GET"],
              MaxAgeSeconds: 3000,
              ...one,
            })),
          },
        }),
      );
    const ask = async (method: string, headers: Record<string, string>, key = "k") => {
      const answer = await fetch(`${aws.url}/${Bucket}/${key}`, { method, headers });
      const cors = [...answer.headers].filter(([name]) => name.startsWith("access-control") || name === "vary");
      const text = await answer.text();
      const error = /<Code>(.*)<\/Code>/.exec(text)?.[1];
      return { status: answer.status, ...(error === undefined ? {} : { error }), ...Object.fromEntries(cors) };
    };
    const vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
    const preflight = { "access-control-request-method": "GET", origin: "https://localhost:4200" };

    it("test_put_cors, test_put_cors_invalid_rules, test_get_cors", async () => {
      expect(await code(s3.send(new GetBucketCorsCommand({ Bucket })))).to.equal("404 NoSuchCORSConfiguration");
      expect(await messageOf(rules({ AllowedMethods: ["MYMETHOD"] }))).to.equal(
        "Found unsupported HTTP method in CORS config. Unsupported method is MYMETHOD",
      );
      expect(await code(rules())).to.equal(malformed);
      await rules({});
      expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).to.deep.equal([
        { AllowedOrigins: ["https://localhost:4200"], AllowedMethods: ["GET"], MaxAgeSeconds: 3000 },
      ]);
    });

    it("test_cors_match_methods, test_cors_match_headers: preflights", async () => {
      await rules({ AllowedHeaders: ["x-amz-request-payer"] });
      const granted = {
        status: 200,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET",
        "access-control-allow-origin": "https://localhost:4200",
        "access-control-max-age": "3000",
        vary,
      };
      expect(await ask("OPTIONS", preflight)).to.deep.equal(granted);
      const withHeader = { ...preflight, "access-control-request-headers": "x-amz-request-payer" };
      expect(await ask("OPTIONS", withHeader)).to.deep.equal({
        ...granted,
        "access-control-allow-headers": "x-amz-request-payer",
      });
      const forbidden = { status: 403, error: "AccessForbidden" };
      expect(await ask("OPTIONS", { ...preflight, "access-control-request-method": "PUT" })).to.deep.equal(forbidden);
      expect(await ask("OPTIONS", { ...preflight, origin: "https://else.where" })).to.deep.equal(forbidden);
      expect(await ask("OPTIONS", { ...preflight, "access-control-request-headers": "x-other" })).to.deep.equal(
        forbidden,
      );
    });

    it("test_cors_http_options_no_config", async () => {
      expect(await ask("OPTIONS", {})).to.deep.equal({ status: 400, error: "BadRequest" });
      expect(await ask("OPTIONS", preflight)).to.deep.equal({ status: 403, error: "AccessForbidden" });
    });

    it("test_cors_expose_headers, test_cors_options_match_partial_origin: other requests carry the headers, too", async () => {
      await rules({ AllowedOrigins: ["http://*.origin.com"], ExposeHeaders: ["x-amz-id-2"], MaxAgeSeconds: undefined });
      expect(await ask("GET", { origin: "http://test.origin.com" })).to.deep.equal({
        status: 403,
        error: "AccessDenied",
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET",
        "access-control-allow-origin": "http://test.origin.com",
        "access-control-expose-headers": "x-amz-id-2",
        vary,
      });
      expect(await ask("GET", { origin: "http://other.com" })).to.deep.equal({ status: 403, error: "AccessDenied" });
    });
  });
});

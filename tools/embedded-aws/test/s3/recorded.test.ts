import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompleteMultipartUploadCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect } from "chai";
import { failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";

// Requests and answers recorded on AWS by LocalStack's test suite (Apache-2.0); the titles name the recordings.
describe("S3 as recorded on AWS", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const put = (Key: string, Body = "content 123", more = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const start = async (Key: string, more = {}): Promise<string> =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? "";
  const part = (Key: string, UploadId: string, Body = "test", more = {}) =>
    s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body, ...more }));
  const complete = (Key: string, UploadId: string, more: Partial<CompleteMultipartUploadCommandInput>) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, ...more }));
  /** Code and message of a failure, with its details. */
  const refusal = async (call: Promise<unknown>, ...details: string[]) => {
    const error = await failure(call);
    const named = Object.fromEntries(details.map((name) => [name, error[name]]));
    return { status: error.$metadata.httpStatusCode, code: error.name, message: error.message, ...named };
  };

  describe("default checksums", () => {
    it("test_multipart_and_list_parts", async () => {
      const Key = "test-list-parts";
      const id = await start(Key);
      const empty = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id }));
      expect([empty.NextPartNumberMarker, empty.Initiator?.DisplayName]).to.deep.equal(["0", "owner"]);
      const { ETag, ChecksumCRC32 } = await part(Key, id, "upload-part-1".repeat(5));
      expect(ChecksumCRC32).to.equal("axEe0A==");
      const listed = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id }));
      expect(listed.NextPartNumberMarker).to.equal("1");
      expect(listed.Parts?.map((one) => ({ ...one, LastModified: undefined }))).to.deep.equal([
        { PartNumber: 1, ETag, Size: 65, LastModified: undefined },
      ]);
      const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
      expect([uploads.NextKeyMarker, uploads.NextUploadIdMarker, uploads.Prefix]).to.deep.equal([Key, id, undefined]);
      const done = await complete(Key, id, { MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } });
      expect([done.ChecksumCRC64NVME, done.ChecksumType]).to.deep.equal(["CTXktO4pIQs=", "FULL_OBJECT"]);
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
      expect([head.ChecksumCRC64NVME, head.ChecksumType]).to.deep.equal(["CTXktO4pIQs=", "FULL_OBJECT"]);
      const gone = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
      expect([gone.NextKeyMarker, gone.NextUploadIdMarker]).to.deep.equal(["", ""]);
    });

    it("test_complete_multipart_parts_checksum_default", async () => {
      const Key = "test-multipart-checksum";
      const id = await start(Key);
      const { ETag, ChecksumCRC32C } = await part(Key, id, "aaa", { ChecksumAlgorithm: "CRC32C" });
      expect(ChecksumCRC32C).to.equal("45fn2Q==");
      const named = complete(Key, id, { MultipartUpload: { Parts: [{ ETag, PartNumber: 1, ChecksumCRC32C }] } });
      expect(await refusal(named, "ETag", "PartNumber", "UploadId")).to.deep.equal({
        status: 400,
        code: "InvalidPart",
        message:
          "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        ETag: "47bce5c74f589f4867dbd57e9ca9f808",
        PartNumber: "1",
        UploadId: id,
      });
      const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
      for (const ChecksumType of ["FULL_OBJECT", "COMPOSITE"] as const) {
        expect((await failure(complete(Key, id, { MultipartUpload, ChecksumType }))).message).to.equal(
          "The upload was created using the null checksum mode. The complete request must use the same checksum mode.",
        );
      }
      const done = await complete(Key, id, { MultipartUpload, ChecksumCRC32C: "AAAAAA==-2" });
      expect(done.ChecksumCRC64NVME).to.equal("Rnr2/5P7Gsk=");
      const copy = await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/${Key}` }));
      expect(copy.CopyObjectResult).to.deep.include({
        ChecksumCRC64NVME: "Rnr2/5P7Gsk=",
        ChecksumType: "FULL_OBJECT",
        ETag: '"47bce5c74f589f4867dbd57e9ca9f808"',
      });
    });

    it("test_multipart_parts_checksum_exceptions_full_object", async () => {
      const Key = "test-multipart-checksum-exc";
      const id = await start(Key, { ChecksumAlgorithm: "CRC32C", ChecksumType: "FULL_OBJECT" });
      const { ETag, ChecksumCRC32C } = await part(Key, id, "abc", { ChecksumAlgorithm: "CRC32C" });
      const MultipartUpload = { Parts: [{ ETag, PartNumber: 1, ChecksumCRC32C }] };
      const mode = complete(Key, id, { MultipartUpload, ChecksumType: "COMPOSITE" });
      expect((await failure(mode)).message).to.equal(
        "The upload was created using the FULL_OBJECT checksum mode. The complete request must use the same checksum mode.",
      );
      const without = complete(Key, id, { MultipartUpload, ChecksumCRC32C });
      expect((await failure(without)).message).to.equal(
        "The crc32c you specified did not match the calculated checksum.",
      );
      const done = await complete(Key, id, { MultipartUpload, ChecksumCRC32C, ChecksumType: "FULL_OBJECT" });
      expect(done.ChecksumCRC32C).to.equal("Nks/tw==");
    });

    it("test_multipart_parts_checksum_exceptions_composite", async () => {
      const Key = "test-multipart-checksum-exc";
      const id = await start(Key, { ChecksumAlgorithm: "CRC32", ChecksumType: "COMPOSITE" });
      const { ETag } = await part(Key, id, "abc");
      const ChecksumSHA256 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
      const other = complete(Key, id, { MultipartUpload: { Parts: [{ ETag, PartNumber: 1, ChecksumSHA256 }] } });
      expect(await refusal(other)).to.deep.equal({
        status: 400,
        code: "BadDigest",
        message: "The sha256 you specified for part 1 did not match what we received.",
      });
    });

    it("test_get_object_part_checksum[COMPOSITE]", async () => {
      const Key = "test-multipart-checksum";
      const id = await start(Key, { ChecksumAlgorithm: "CRC32C", ChecksumType: "COMPOSITE" });
      const { ETag, ChecksumCRC32C } = await part(Key, id, "test content 123", { ChecksumAlgorithm: "CRC32C" });
      const done = await complete(Key, id, { MultipartUpload: { Parts: [{ ETag, PartNumber: 1, ChecksumCRC32C }] } });
      expect(done.ChecksumCRC32C).to.equal("sZB91Q==-1");
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key, PartNumber: 1, ChecksumMode: "ENABLED" }));
      expect(head).to.deep.include({ ChecksumCRC32C: "fwuu0Q==", ChecksumType: "COMPOSITE", PartsCount: 1 });
    });

    it("test_get_object_part: a range of all bytes carries the checksum", async () => {
      await put("whole", "test-123");
      const ranged = { Bucket, Key: "whole", Range: "bytes=0-7", ChecksumMode: "ENABLED" as const };
      const whole = await s3.send(new GetObjectCommand(ranged));
      expect([whole.ContentRange, whole.ChecksumCRC32]).to.deep.equal(["bytes 0-7/8", "MAPXAg=="]);
      const some = await s3.send(new GetObjectCommand({ ...ranged, Range: "bytes=0-6" }));
      expect(some.ChecksumCRC32).to.equal(undefined);
    });

    it("the first page of 'Checking object integrity': an upload without a checksum gets a CRC-64/NVME", async () => {
      const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "signed" }));
      const answer = await fetch(url, { method: "PUT", body: "abcdef" });
      expect([answer.headers.get("x-amz-checksum-crc64nvme"), answer.headers.get("x-amz-checksum-type")]).to.deep.equal(
        ["Pact6XRTYyA=", "FULL_OBJECT"],
      );
    });
  });

  describe("GetObjectAttributes", () => {
    const attributesOf = async (Key: string, more = {}) => {
      const ObjectAttributes = ["StorageClass", "ETag", "ObjectSize", "ObjectParts", "Checksum"] as const;
      const input = { Bucket, Key, ObjectAttributes: [...ObjectAttributes], ...more };
      const answer = await s3.send(new GetObjectAttributesCommand(input));
      const known = ["ETag", "Checksum", "ObjectParts", "ObjectSize", "StorageClass", "VersionId"] as const;
      return Object.fromEntries(known.flatMap((name) => (answer[name] === undefined ? [] : [[name, answer[name]]])));
    };

    it("test_get_object_attributes", async () => {
      await put("data.txt", "69\n420\n");
      expect(await attributesOf("data.txt")).to.deep.equal({
        Checksum: { ChecksumCRC32: "WC+ANw==", ChecksumType: "FULL_OBJECT" },
        ETag: "e92499db864217242396e8ef766079a9",
        ObjectSize: 7,
        StorageClass: "STANDARD",
      });
      const id = await start("parts");
      const { ETag } = await part("parts", id, "upload-part-1".repeat(5));
      await complete("parts", id, { MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } });
      expect(await attributesOf("parts", { ObjectAttributes: ["ETag", "ObjectParts", "ObjectSize"] })).to.deep.equal({
        ETag: "e747540af6911dbc890f8d3e0b48549b-1",
        ObjectParts: { TotalPartsCount: 1 },
        ObjectSize: 65,
      });
    });

    it("test_multipart_upload_part_copy_checksum[COMPOSITE]: parts of a composite checksum are described", async () => {
      const id = await start("composite", { ChecksumAlgorithm: "CRC32C", ChecksumType: "COMPOSITE" });
      const { ETag, ChecksumCRC32C } = await part("composite", id, "this is a part", { ChecksumAlgorithm: "CRC32C" });
      await complete("composite", id, { MultipartUpload: { Parts: [{ ETag, PartNumber: 1, ChecksumCRC32C }] } });
      expect(await attributesOf("composite", { ObjectAttributes: ["Checksum", "ObjectParts"] })).to.deep.equal({
        Checksum: { ChecksumCRC32C: "F9bAnw==", ChecksumType: "COMPOSITE" },
        ObjectParts: {
          IsTruncated: false,
          MaxParts: 1000,
          NextPartNumberMarker: "1",
          PartNumberMarker: "0",
          Parts: [{ ChecksumCRC32C: "iqJrOQ==", PartNumber: 1, Size: 14 }],
          TotalPartsCount: 1,
        },
      });
    });

    it("test_get_object_attributes_versioned", async () => {
      aws.service.setVersioning(Bucket, "Enabled");
      const { VersionId } = await put("key-attrs-versioned", "69\n420\n");
      await s3.send(new DeleteObjectCommand({ Bucket, Key: "key-attrs-versioned" }));
      expect((await failure(attributesOf("key-attrs-versioned"))).name).to.equal("NoSuchKey");
      const some = { VersionId, ObjectAttributes: ["ETag"] };
      expect(await attributesOf("key-attrs-versioned", some)).to.deep.equal({
        ETag: "e92499db864217242396e8ef766079a9",
        VersionId,
      });
    });
  });

  describe("version ids that S3 never gave", () => {
    const VersionId = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    const invalid = {
      status: 400,
      code: "InvalidArgument",
      message: "Invalid version id specified",
      ArgumentName: "versionId",
      ArgumentValue: VersionId,
    };

    it("test_delete_object, test_get_object_with_version_unversioned_bucket", async () => {
      await put("k");
      for (const call of [
        s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId })),
        s3.send(new GetObjectCommand({ Bucket, Key: "k", VersionId })),
      ]) {
        expect(await refusal(call, "ArgumentName", "ArgumentValue")).to.deep.equal(invalid);
      }
      await s3.send(new GetObjectCommand({ Bucket, Key: "k", VersionId: "null" }));
    });

    it("test_delete_objects", async () => {
      await put("k");
      const Delete = { Objects: [{ Key: "k", VersionId }] };
      expect((await s3.send(new DeleteObjectsCommand({ Bucket, Delete }))).Errors).to.deep.equal([
        { Key: "k", VersionId, Code: "NoSuchVersion", Message: "The specified version does not exist." },
      ]);
    });

    it("and one that it gave: deleting it twice succeeds, reading it then is a 404", async () => {
      aws.service.setVersioning(Bucket, "Enabled");
      const version = { Bucket, Key: "k", VersionId: (await put("k")).VersionId };
      await s3.send(new DeleteObjectCommand(version));
      await s3.send(new DeleteObjectCommand(version));
      expect(await refusal(s3.send(new GetObjectCommand(version)))).to.deep.include({
        status: 404,
        code: "NoSuchVersion",
      });
    });
  });

  describe("conditions on writes", () => {
    const conflict = (Condition: string) => ({
      status: 409,
      code: "ConditionalRequestConflict",
      message: "The conditional request cannot succeed due to a conflicting operation against this resource.",
      Condition,
      Key: "test-precondition",
    });
    const Key = "test-precondition";
    const upload = async () => {
      const id = await start(Key);
      const { ETag } = await part(Key, id);
      return (more: object) => complete(Key, id, { MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] }, ...more });
    };
    const remove = () => s3.send(new DeleteObjectCommand({ Bucket, Key }));

    it("test_multipart_if_none_match_with_delete", async () => {
      await put(Key, "");
      const finish = await upload();
      expect((await refusal(finish({ IfNoneMatch: "*" }))).status).to.equal(412);
      await remove();
      expect(await refusal(finish({ IfNoneMatch: "*" }), "Condition", "Key")).to.deep.equal(conflict("If-None-Match"));
      await (
        await upload()
      )({ IfNoneMatch: "*" });
    });

    it("test_multipart_if_match_with_put, test_multipart_if_match_with_put_identical", async () => {
      const first = await put(Key, "test");
      const finish = await upload();
      const second = await put(Key, "test2");
      expect((await refusal(finish({ IfMatch: first.ETag }))).status).to.equal(412);
      expect(await refusal(finish({ IfMatch: second.ETag }), "Condition", "Key")).to.deep.equal(conflict("If-Match"));
      const identical = await upload();
      await put(Key, "test2");
      expect(await refusal(identical({ IfMatch: second.ETag }), "Condition", "Key")).to.deep.equal(
        conflict("If-Match"),
      );
      await (
        await upload()
      )({ IfMatch: second.ETag });
    });

    it("test_multipart_if_match_with_delete", async () => {
      const { ETag } = await put(Key, "test");
      const finish = await upload();
      await remove();
      expect((await refusal(finish({ IfMatch: ETag }))).code).to.equal("NoSuchKey");
      await put(Key, "test");
      expect(await refusal(finish({ IfMatch: ETag }), "Condition", "Key")).to.deep.equal(conflict("If-Match"));
    });

    it("test_put_object_if_match_validation, test_put_object_if_match_and_if_none_match_validation", async () => {
      const unsupported = {
        status: 501,
        code: "NotImplemented",
        message: "A header you provided implies functionality that is not implemented",
      };
      expect(await refusal(put(Key, "", { IfMatch: "*" }), "Header", "additionalMessage")).to.deep.equal({
        ...unsupported,
        Header: "If-Match",
        additionalMessage: "We don't accept the provided value of If-Match header for this API",
      });
      const both = put(Key, "", { IfMatch: "abcdef", IfNoneMatch: "*" });
      expect(await refusal(both, "Header", "additionalMessage")).to.deep.equal({
        ...unsupported,
        Header: "If-Match,If-None-Match",
        additionalMessage: "Multiple conditional request headers present in the request",
      });
      expect((await refusal(put(Key, "", { IfMatch: "bad-char_/" }))).code).to.equal("NoSuchKey");
    });

    it("test_copy_object_if_none_match", async () => {
      await put("source");
      const copy = (more: object) =>
        s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, ...more }));
      await copy({ IfNoneMatch: "*" });
      expect(await refusal(copy({ IfNoneMatch: "*" }), "Condition")).to.deep.include({
        status: 412,
        Condition: "If-None-Match",
      });
      expect((await refusal(copy({ IfMatch: "*" }))).status).to.equal(501);
    });

    it("test_pre_signed_url_if_none_match, test_pre_signed_url_if_match: a signed query carries conditions", async () => {
      const signed = (query: Record<string, string>) => {
        const command = new PutObjectCommand({ Bucket, Key });
        command.middlewareStack.add(
          (next) => (args) => {
            Object.assign((args.request as { query: Record<string, string> }).query, query);
            return next(args);
          },
          { step: "build" },
        );
        return getSignedUrl(s3, command);
      };
      const url = await signed({ "If-None-Match": "*" });
      expect(url.toLowerCase()).to.contain("if-none-match=%2a");
      expect((await fetch(url, { method: "PUT", body: "first" })).status).to.equal(200);
      expect((await fetch(url, { method: "PUT", body: "second" })).status).to.equal(412);
      const stale = await signed({ "If-Match": "d41d8cd98f00b204e9800998ecf8427e" });
      expect((await fetch(stale, { method: "PUT", body: "third" })).status).to.equal(412);
    });
  });

  describe("lists", () => {
    const keys = ["folder/aSubfolder/subFile1", "folder/aSubfolder/subFile2", "folder/file1", "folder/file2"];
    const page = { Bucket, Prefix: "folder/", Delimiter: "/" };

    it("test_list_objects_marker_common_prefixes", async () => {
      for (const key of keys) await put(key);
      const input = { ...page, MaxKeys: 1, Marker: "folder/aSubfolder/subFile1" };
      const { CommonPrefixes, Contents, NextMarker } = await s3.send(new ListObjectsCommand(input));
      expect([CommonPrefixes, Contents?.map(({ Key }) => Key), NextMarker]).to.deep.equal([
        undefined,
        ["folder/file1"],
        "folder/file1",
      ]);
    });

    it("test_list_object_versions_pagination_common_prefixes", async () => {
      for (const key of keys) await put(key);
      const input = { ...page, MaxKeys: 1, KeyMarker: "folder/aSubfolder/subFile1" };
      const { CommonPrefixes, Versions } = await s3.send(new ListObjectVersionsCommand(input));
      expect([CommonPrefixes, Versions?.map(({ Key }) => Key)]).to.deep.equal([undefined, ["folder/file1"]]);
    });

    it("test_list_multipart_uploads_marker_common_prefixes", async () => {
      for (const key of keys) await start(key);
      const list = async (KeyMarker?: string) => {
        const answer = await s3.send(new ListMultipartUploadsCommand({ ...page, MaxUploads: 1, KeyMarker }));
        return [
          answer.CommonPrefixes?.map(({ Prefix }) => Prefix),
          answer.Uploads?.map(({ Key }) => Key),
          answer.NextKeyMarker,
        ];
      };
      expect(await list()).to.deep.equal([["folder/aSubfolder/"], undefined, ""]);
      expect(await list("folder/aSubfolder/subFile1")).to.deep.equal([undefined, ["folder/file1"], "folder/file1"]);
    });

    it("test_list_parts_empty_part_number_marker", async () => {
      const id = await start("k");
      await part("k", id);
      const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key: "k", UploadId: id, PartNumberMarker: "" }));
      expect(Parts).to.have.length(1);
    });

    it("test_list_objects_v2_continuation_start_after", async () => {
      for (const key of keys) await put(key);
      const first = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1, StartAfter: keys[0] }));
      expect(first.StartAfter).to.equal(keys[0]);
      const ContinuationToken = first.NextContinuationToken;
      const next = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: keys[0], ContinuationToken }));
      expect([next.StartAfter, next.Contents?.map(({ Key }) => Key)]).to.deep.equal([undefined, keys.slice(2)]);
    });

    it("test_s3_list_objects_timestamp_precision", async () => {
      aws.clock.now += 678;
      await put("k");
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
      expect(Contents?.[0]?.LastModified?.toISOString()).to.equal("2026-03-01T12:00:00.000Z");
    });

    it("test_list_buckets_by_prefix_with_case_sensitivity: buckets have ARNs", async () => {
      const { Buckets } = await s3.send(new ListBucketsCommand({}));
      expect(Buckets?.map(({ BucketArn }) => BucketArn)).to.deep.equal([`arn:aws:s3:::${Bucket}`]);
    });
  });

  it("test_copy_object_special_character_plus_for_space", async () => {
    await put("key with space");
    const copy = (CopySource: string) => s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
    await copy(`${Bucket}/key+with+space`);
    await copy(`https://s3.amazonaws.com/${Bucket}/key+with%20space`); // As in test_response_structure.
  });

  it("test_s3_invalid_content_md5", async () => {
    const ContentMD5 = Buffer.from("09891eb590524e35fc73372cddc5d596", "hex").toString("base64");
    const error = await refusal(put("k", "something", { ContentMD5 }), "ExpectedDigest", "CalculatedDigest");
    expect(error).to.deep.equal({
      status: 400,
      code: "BadDigest",
      message: "The Content-MD5 you specified did not match what we received.",
      ExpectedDigest: "09891eb590524e35fc73372cddc5d596",
      CalculatedDigest: "Q3uTDbhLgHnC3YBKcZNrXw==",
    });
  });

  it("API_DeleteBucket: an unfinished upload does not hold a bucket", async () => {
    const id = await start("k");
    await part("k", id);
    await s3.send(new DeleteBucketCommand({ Bucket }));
    aws.service.ensureBucket(Bucket);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).to.equal(undefined);
  });
});

import { BUCKET } from "../../model/awsTypes";
import { keepsData } from "../../model/data";
import { parts, read, readFlag, readList } from "../../model/read";
import { oneByOne } from "../oneByOne";
import { rule } from "../rule";

export const versioning = rule({
  name: "s3-versioning",
  group: "S3",
  ids: ["S3.14", "CKV_AWS_21", "NAG-S3"],
  level: "mandatory",
  title: "Every bucket keeps the versions of its objects",
  reason: "What is overwritten or deleted by mistake is lost.",
  remedy:
    "Declare an aws.s3.BucketVersioning with status Enabled; suppress this for a bucket of immutable objects whose deletions must be final.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    const property = "versioningConfiguration.status";
    const [versioning] = graph.referrers(bucket, "aws:s3/bucketVersioning:BucketVersioning", "bucket");
    const value = versioning ? read(versioning, property) : undefined;
    if (value !== "Enabled" && !readFlag(bucket, "versioning.enabled"))
      yield { property, value, allowed: "Enabled", ...(versioning && { on: versioning }) };
  },
});

export const accessLogging = rule({
  name: "s3-access-logging",
  group: "S3",
  ids: ["S3.9", "CKV_AWS_18", "NAG-S1"],
  level: "advisory",
  title: "Every bucket logs who accesses it",
  reason: "After an incident, nothing shows which objects were read.",
  remedy: "Declare an aws.s3.BucketLogging, or record data events with CloudTrail.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    const LOGGING = "aws:s3/bucketLogging:BucketLogging";
    // The log of a bucket of logs would grow by itself.
    if (graph.referrers(bucket, LOGGING, "targetBucket").length > 0) return;
    const inline = read(bucket, "logging") ?? readList(bucket, "loggings")[0];
    if (inline === undefined && graph.referrers(bucket, LOGGING, "bucket").length === 0)
      yield { property: "logging", allowed: "a target bucket" };
  },
});

export const noForceDestroy = rule({
  name: "s3-no-force-destroy",
  group: "S3",
  ids: [],
  level: "mandatory",
  title: "No bucket of a stack that keeps data can be deleted with its objects",
  reason: "A deployment that replaces or deletes the bucket would empty it first.",
  remedy: "Set forceDestroy to false; empty the bucket by hand where it must go.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    if (keepsData(graph) && readFlag(bucket, "forceDestroy"))
      yield { property: "forceDestroy", value: true, allowed: "false, in a stack that keeps data" };
  },
});

const writes = ["PUT", "POST", "DELETE"];

export const cors = rule({
  name: "s3-cors-origins",
  group: "S3",
  ids: [],
  level: "mandatory",
  title: "The CORS rules of a bucket list the origins",
  reason: "Any website could make its visitors' browsers read or write objects.",
  remedy: "List the origins, without wildcards where a rule allows writes.",
  types: [BUCKET, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"],
  reads: "resource",
  *check(resource) {
    yield* oneByOne(parts(resource, "corsRules").entries(), function* ([at, cors]) {
      const canWrite = readList(cors, "allowedMethods").some((method) => writes.includes(String(method)));
      for (const origin of readList(cors, "allowedOrigins"))
        if (origin === "*" || (canWrite && String(origin).includes("*")))
          yield { property: `corsRules.${at}.allowedOrigins`, value: origin, allowed: "origins by name" };
    });
  },
});

import { BUCKET } from "../../model/awsTypes";
import type { Graph } from "../../model/graph";
import { part, parts, read, readFlag, readNumber, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { rule } from "../rule";

/** The lifecycle rules of a bucket that are in force: of its configuration, or written in the bucket itself. */
export function lifecycleRules(graph: Graph, bucket: Resource): Resource[] {
  const configurations = graph.referrers(
    bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "bucket",
  );
  return [
    ...parts(bucket, "lifecycleRules").filter((each) => readFlag(each, "enabled")),
    ...configurations
      .flatMap((configuration) => parts(configuration, "rules"))
      .filter((each) => readText(each, "status") === "Enabled"),
  ];
}

/** Whether a rule is about all objects: it has no prefix, tags or sizes. */
function isAboutAll(lifecycle: Resource): boolean {
  const filter = part(lifecycle, "filter").inputs;
  const { prefix, ...others } = filter;
  const isEmpty = (value: unknown) => value === undefined || value === null || value === "";
  return isEmpty(prefix) && Object.values(others).every(isEmpty) && isEmpty(read(lifecycle, "prefix"));
}

export const lifecycle = rule({
  name: "s3-lifecycle",
  group: "S3",
  ids: ["S3.10", "S3.13", "CKV2_AWS_61"],
  level: "mandatory",
  title: "Every bucket has a lifecycle in which noncurrent versions expire",
  reason: "Versions that nothing refers to are paid for, and kept, for ever.",
  remedy: "Declare an aws.s3.BucketLifecycleConfiguration whose rule has noncurrentVersionExpiration, for all objects.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    const days = lifecycleRules(graph, bucket)
      .filter(isAboutAll)
      .map(
        (each) =>
          readNumber(each, "noncurrentVersionExpiration.noncurrentDays") ??
          readNumber(each, "noncurrentVersionExpiration.days"),
      );
    if (days.every((each) => each === undefined))
      yield {
        property: "noncurrentVersionExpiration",
        allowed: "a number of days, in an enabled rule for all objects",
      };
  },
});

export const abortUploads = rule({
  name: "s3-abort-uploads",
  group: "S3",
  ids: ["CKV_AWS_300"],
  level: "mandatory",
  title: "Every bucket aborts multipart uploads that are not completed",
  reason: "Their parts are stored and paid for, and no list of objects shows them.",
  remedy: "Set abortIncompleteMultipartUpload in a lifecycle rule for all objects.",
  types: [BUCKET],
  reads: "graph",
  settings: {
    maximumDays: {
      type: "integer",
      default: 7,
      minimum: 1,
      description: "Days after which parts are deleted at the latest",
    },
  },
  *check(bucket, graph, { maximumDays }) {
    const days = lifecycleRules(graph, bucket)
      .filter(isAboutAll)
      .flatMap(
        (each) =>
          readNumber(each, "abortIncompleteMultipartUpload.daysAfterInitiation") ??
          readNumber(each, "abortIncompleteMultipartUploadDays") ??
          [],
      );
    if (!days.some((each) => each <= maximumDays))
      yield {
        property: "abortIncompleteMultipartUpload",
        value: days.length === 0 ? undefined : `after ${Math.min(...days)} days`,
        allowed: `after ${maximumDays} days at most, in an enabled rule for all objects`,
      };
  },
});

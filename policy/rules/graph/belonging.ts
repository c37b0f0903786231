import { BUCKET, BUCKET_POLICY, FUNCTION, QUEUE, QUEUE_POLICY, ROLE, TOPIC } from "../../model/awsTypes";
import { arnOf } from "../../flow/place";
import { beginningWith, both, example, iamPattern, literal, oneOf } from "../../model/pattern";
import { placedStatements } from "../../model/policies";
import { rule } from "../rule";

const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";

/** Resources of which another can have one: type, property that names the other, and its type. */
const single = new Map<string, readonly [property: string, type: string]>([
  [BUCKET_POLICY, ["bucket", BUCKET]],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", ["bucket", BUCKET]],
  ["aws:s3/bucketOwnershipControls:BucketOwnershipControls", ["bucket", BUCKET]],
  ["aws:s3/bucketVersioning:BucketVersioning", ["bucket", BUCKET]],
  ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", ["bucket", BUCKET]],
  ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", ["bucket", BUCKET]],
  ["aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", ["bucket", BUCKET]],
  ["aws:s3/bucketLogging:BucketLogging", ["bucket", BUCKET]],
  [QUEUE_POLICY, ["queueUrl", QUEUE]],
  ["aws:sqs/redrivePolicy:RedrivePolicy", ["queueUrl", QUEUE]],
  ["aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", ["queueUrl", QUEUE]],
  [TOPIC_POLICY, ["arn", TOPIC]],
]);

export const oneOfEach = rule({
  name: "one-configuration-each",
  group: "Graph",
  ids: [],
  level: "mandatory",
  title: "A bucket, queue or topic has one policy, one access block, one of each configuration",
  reason:
    "AWS keeps one, so that of two the later replaces the other at each update; the resource that the second was meant for has none.",
  remedy: "Merge both into one, or let the second name the resource that it is meant for.",
  types: [...single.keys()],
  reads: "graph",
  *check(configuration, graph) {
    const [property, type] = single.get(configuration.type) ?? ["", ""];
    const owner = graph.target(configuration, property, type);
    if (owner === undefined) return;
    const all = graph.referrers(owner, configuration.type, property).map(({ name }) => name);
    if (all.length > 1)
      yield { property, value: `${owner.name}, as of ${all.join(" and ")}`, allowed: "one of this kind" };
  },
});

export const ownPolicy = rule({
  name: "policy-of-its-resource",
  group: "Graph",
  ids: [],
  level: "mandatory",
  title: "The policy of a bucket, queue or topic is about that resource",
  reason: "AWS refuses a policy about another resource, and the one that it was written for stays open.",
  remedy: "Name the ARN of the resource that has the policy, and with /* of a bucket's objects.",
  types: [BUCKET_POLICY, QUEUE_POLICY, TOPIC_POLICY],
  reads: "graph",
  *check(policy, graph) {
    const [name, type] = single.get(policy.type) ?? ["", ""];
    const owner = graph.target(policy, name, type);
    if (owner === undefined) return;
    const arn = arnOf(owner);
    const own = oneOf(literal(arn), beginningWith(`${arn}/`));
    for (const { property, resources } of placedStatements(policy, "resource"))
      for (const value of resources)
        if (example(both(own, oneOf(iamPattern(value)))) === undefined)
          yield { property: `${property}: Resource`, value, allowed: arn };
  },
});

export const ownRole = rule({
  name: "lambda-own-role",
  group: "Lambda",
  ids: [],
  level: "mandatory",
  title: "Each function has a role of its own",
  reason: "A shared role gives each function the rights of all of them.",
  remedy: "Declare an aws.iam.Role for each function, with the rights that it needs.",
  types: [FUNCTION],
  reads: "graph",
  *check(lambda, graph) {
    const role = graph.target(lambda, "role", ROLE);
    const others = graph
      .all(FUNCTION)
      .filter((other) => other !== lambda)
      .filter((other) =>
        role ? graph.target(other, "role", ROLE) === role : other.inputs.role === lambda.inputs.role,
      );
    if (others.length > 0)
      yield {
        property: "role",
        value: lambda.inputs.role,
        allowed: `one that ${others.map(({ name }) => name).join(", ")} has not`,
      };
  },
});

import { KEY, QUEUE, QUEUE_POLICY } from "../../model/awsTypes";
import { coversAction } from "../../model/arn";
import type { Graph } from "../../model/graph";
import { grantsOn, placedStatements } from "../../model/policies";
import { conditionOn } from "../../model/policyDocument";
import { notifiesFromS3 } from "../../model/queues";
import { readText } from "../../model/read";
import { NotKnown, type Resource } from "../../model/resource";
import { publicPrincipal } from "../publicPrincipal";
import { rule } from "../rule";
import { reachableWithoutTls } from "../transport";

export const noPublicPrincipal = publicPrincipal({
  name: "sqs-no-public-principal",
  group: "SQS",
  ids: ["SQS.3", "CKV_AWS_168", "CFN-F21"],
  title: "No queue policy allows everyone",
  reason: "Anyone could send messages, or receive and delete them.",
  remedy: "Name the principals; for a service, add aws:SourceArn and aws:SourceAccount.",
  types: [QUEUE, QUEUE_POLICY],
});

export const tls = rule({
  name: "sqs-deny-without-tls",
  group: "SQS",
  ids: ["NAG-SQS4"],
  level: "mandatory",
  title: "Every queue refuses calls without TLS",
  reason: "Over plain HTTP, messages and credentials can be read on the way.",
  remedy: "Deny sqs:* to principal * on the queue where aws:SecureTransport is false.",
  types: [QUEUE],
  reads: "graph",
  check: (queue, graph) =>
    reachableWithoutTls(graph, queue, { attachment: [QUEUE_POLICY, "queueUrl"], action: "sqs:*", suffixes: [""] }),
});

export const noActionWildcard = rule({
  name: "sqs-no-action-wildcard",
  group: "SQS",
  ids: ["CKV_AWS_72", "CFN-F20"],
  level: "mandatory",
  title: "No queue policy allows all actions",
  reason: "A principal that is meant to send could also delete messages, or the queue.",
  remedy: "Name the actions: sqs:SendMessage is enough for a source of messages.",
  types: [QUEUE, QUEUE_POLICY],
  reads: "resource",
  *check(resource) {
    for (const { effect, actions, notActions, property } of placedStatements(resource, "resource")) {
      if (effect === "Deny") continue;
      for (const value of [
        ...actions.filter((action) => action.includes("*")),
        ...notActions.map((not) => `not ${not}`),
      ])
        yield { property: `${property}: Action`, value, allowed: "actions by name" };
    }
  },
});

export const s3Source = rule({
  name: "sqs-s3-source",
  group: "SQS",
  ids: [],
  level: "mandatory",
  title: "A grant to S3 names the bucket and its account",
  reason: "A bucket of another account, or a new one by the name of a deleted bucket, could send messages.",
  remedy: "Add the conditions aws:SourceArn (the bucket's ARN) and aws:SourceAccount.",
  types: [QUEUE, QUEUE_POLICY, "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"],
  reads: "resource",
  *check(resource) {
    for (const statement of placedStatements(resource, "resource")) {
      const isToS3 = statement.principals.some(({ value }) => value === "s3.amazonaws.com");
      if (statement.effect === "Deny" || !isToS3) continue;
      for (const key of ["aws:SourceArn", "aws:SourceAccount"]) {
        const condition = conditionOn(statement, key);
        const isExact = condition !== undefined && /^(Arn|String)(Equals|Like)(IgnoreCase)?$/.test(condition.operator);
        const values = condition?.values ?? [];
        if (!isExact || values.length === 0 || values.some((value) => /^(arn:aws:s3:::)?\*$/.test(value)))
          yield {
            property: `${statement.property}: Condition ${key}`,
            ...(condition ? { value: `${condition.operator} ${values.join(", ")}` } : {}),
            allowed: "the bucket that sends the notifications, and its account",
          };
      }
    }
  },
});

/** Calls of KMS that S3 makes when it sends to an encrypted queue. */
const callsOfS3 = ["kms:GenerateDataKey", "kms:Decrypt"];

export const keyAdmitsS3 = rule({
  name: "sqs-key-admits-s3",
  group: "SQS",
  ids: ["CKV2_AWS_73"],
  level: "mandatory",
  title: "The KMS key of a queue that S3 notifies admits S3",
  reason: "S3 could not send, and the notifications would be lost without an error.",
  remedy: "Allow s3.amazonaws.com kms:GenerateDataKey and kms:Decrypt in the policy of an own key, or use SSE-SQS.",
  types: [QUEUE],
  reads: "graph",
  *check(queue, graph) {
    const property = "kmsMasterKeyId";
    const value = readKey(graph, queue);
    if (value === undefined || !notifiesFromS3(graph, queue)) return;
    if (typeof value === "string") {
      if (!value.includes("alias/aws/sqs")) throw new NotKnown(queue, property, "not part of this stack");
      yield { property, value, allowed: "an own key: that of AWS does not admit S3" };
      return;
    }
    const grants = grantsOn(graph, value, ["aws:kms/keyPolicy:KeyPolicy", "keyId"]).filter(
      ({ effect, principals }) =>
        effect === "Allow" && principals.some((principal) => principal.value === "s3.amazonaws.com"),
    );
    for (const call of callsOfS3)
      if (!grants.some(({ actions }) => actions.some((pattern) => coversAction(pattern, call))))
        yield {
          property: "policy",
          value: `without ${call} for s3.amazonaws.com`,
          allowed: callsOfS3.join(", "),
          on: value,
        };
  },
});

/** The key of a queue: a resource of the stack, or the text that names one outside it. */
function readKey(graph: Graph, queue: Resource): Resource | string | undefined {
  const key = graph.target(queue, "kmsMasterKeyId", KEY);
  if (key) return key;
  const alias = graph.target(queue, "kmsMasterKeyId", "aws:kms/alias:Alias");
  return (alias && graph.target(alias, "targetKeyId", KEY)) ?? readText(queue, "kmsMasterKeyId");
}

import type { Resource } from "../model/resource";
import { policy, resource } from "./fixture";

export const ACCOUNT = "123456789012";
export const arn = (service: string, name: string): string => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${name}`;

export const bucket = (name: string): Resource =>
  resource("aws:s3/bucket:Bucket", name, { bucket: name }, { outputs: { arn: `arn:aws:s3:::${name}` } });
export const queue = (name: string, inputs: Record<string, unknown> = {}): Resource =>
  resource(
    "aws:sqs/queue:Queue",
    name,
    { name, ...inputs },
    { outputs: { arn: arn("sqs", name), url: `https://sqs/${name}` } },
  );
export const topic = (name: string): Resource =>
  resource("aws:sns/topic:Topic", name, { name }, { outputs: { arn: arn("sns", name) } });
export const lambda = (name: string): Resource[] => [
  resource(
    "aws:lambda/function:Function",
    name,
    { name, role: `arn:aws:iam::${ACCOUNT}:role/${name}-role` },
    { outputs: { arn: arn("lambda", `function:${name}`) } },
  ),
  resource(
    "aws:iam/role:Role",
    `${name}-role`,
    { name: `${name}-role` },
    { outputs: { arn: `arn:aws:iam::${ACCOUNT}:role/${name}-role` } },
  ),
];
export const mapping = (source: string, functionName: string, name = `${functionName}-mapping`): Resource =>
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", name, { eventSourceArn: source, functionName });
export const notification = (bucket: string, inputs: Record<string, unknown>): Resource =>
  resource("aws:s3/bucketNotification:BucketNotification", `${bucket}-events`, { bucket, ...inputs });
export const allow = (actions: string | string[], on: string | string[], more: Record<string, unknown> = {}) => ({
  Effect: "Allow",
  Action: actions,
  Resource: on,
  ...more,
});
export const deny = (actions: string | string[], on: string | string[], more: Record<string, unknown> = {}) => ({
  ...allow(actions, on, more),
  Effect: "Deny",
});
export const grants = (name: string, ...statements: unknown[]): Resource =>
  resource("aws:iam/rolePolicy:RolePolicy", `${name}-policy`, { role: `${name}-role`, policy: policy(...statements) });

export const subscription = (topicName: string, protocol: "sqs" | "lambda", name: string): Resource =>
  resource("aws:sns/topicSubscription:TopicSubscription", `${topicName}-${name}`, {
    topic: arn("sns", topicName),
    protocol,
    endpoint: protocol === "sqs" ? arn("sqs", name) : arn("lambda", `function:${name}`),
  });
export const created = { events: ["s3:ObjectCreated:*"] };

import type { Resource } from "../../model/resource";
import { both, options, plus, policy, resource, set, without, type Fixture } from "../fixture";
import { ACCOUNT, allow, arn, bucket, created, lambda, notification, queue, topic } from "../parts";
import { accepted } from "./noLoop/accepted";
import { refused } from "./noLoop/refused";
import { stack } from "./noLoop/stack";
import { queueGraph } from "./queueGraph";

const block = (name: string, of: string): Resource =>
  resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name, { bucket: of });
const fromS3 = (action: string, on: string, more: Record<string, unknown> = {}): string =>
  policy(
    allow(action, on, {
      Principal: { Service: "s3.amazonaws.com" },
      Condition: {
        ArnEquals: { "aws:SourceArn": "arn:aws:s3:::photos" },
        StringEquals: { "aws:SourceAccount": ACCOUNT },
      },
      ...more,
    }),
  );
const upload = (httpMethod: string): string =>
  JSON.stringify({
    paths: {
      "/{object}": {
        put: {
          "x-amazon-apigateway-integration": {
            httpMethod,
            uri: "arn:aws:apigateway:eu-west-1:s3:path/photos/in/{object}",
          },
        },
      },
    },
  });
const photosVersioning = resource("aws:s3/bucketVersioning:BucketVersioning", "versioning", { bucket: "photos" });
const photosEvents = notification("photos", {});
const uploading: Resource[] = [
  bucket("photos"),
  photosVersioning,
  photosEvents,
  resource("aws:apigateway/restApi:RestApi", "api", { body: upload("PUT") }, { id: "abc" }),
  resource("aws:apigateway/deployment:Deployment", "deployment", {}, { dependencies: [photosVersioning.urn] }),
  resource(
    "aws:apigateway/stage:Stage",
    "stage",
    { restApi: "abc" },
    {
      dependencies: [photosEvents.urn, "urn:pulumi:test::fixtures::aws:apigateway/deployment:Deployment::deployment"],
    },
  ),
];
const another = both(
  set("api", "body", undefined),
  plus(
    resource("aws:apigateway/integration:Integration", "integration", {
      restApi: "abc",
      integrationHttpMethod: "PUT",
      uri: "arn:aws:apigateway:eu-west-1:s3:path/photos/in/{object}",
    }),
  ),
);

const notified: Resource[] = [
  bucket("photos"),
  bucket("other"),
  queue("uploads"),
  resource("aws:sqs/queuePolicy:QueuePolicy", "uploads-policy", {
    queueUrl: "https://sqs/uploads",
    policy: fromS3("sqs:SendMessage", arn("sqs", "uploads")),
  }),
  topic("news"),
  resource("aws:sns/topicPolicy:TopicPolicy", "news-policy", {
    arn: arn("sns", "news"),
    policy: fromS3("sns:Publish", arn("sns", "news")),
  }),
  ...lambda("resize"),
  resource("aws:lambda/permission:Permission", "resize-permission", {
    action: "lambda:InvokeFunction",
    function: "resize",
    principal: "s3.amazonaws.com",
    sourceArn: "arn:aws:s3:::photos",
    sourceAccount: ACCOUNT,
  }),
  notification("photos", {
    queues: [{ queueArn: arn("sqs", "uploads"), ...created, filterPrefix: "in/" }],
    topics: [{ topicArn: arn("sns", "news"), ...created, filterPrefix: "news/" }],
    lambdaFunctions: [{ lambdaFunctionArn: arn("lambda", "function:resize"), ...created, filterPrefix: "raw/" }],
  }),
];

/** Fixtures of the rules that follow the whole graph, by the rule's name. */
export const graph: Record<string, Fixture> = {
  ...queueGraph,
  "no-loop": { good: stack, bad: refused, fine: accepted },
  "s3-one-notification": {
    good: notified,
    bad: {
      "with two notifications": plus(
        resource("aws:s3/bucketNotification:BucketNotification", "more", { bucket: "photos" }),
      ),
      "with a queue that is told of every object": set("photos-events", "queues.0.filterPrefix", undefined),
      "with a topic that is told of every object": set("photos-events", "topics.0.filterPrefix", ""),
      "with a function that is told of every object": set("photos-events", "lambdaFunctions.0.filterPrefix", undefined),
    },
    fine: {
      "with the notification of another bucket": plus(notification("other", {})),
    },
  },
  "s3-notification-grant": {
    good: notified,
    bad: {
      "without the queue's policy": without("uploads-policy"),
      "with a grant for another bucket": set(
        "uploads-policy",
        "policy",
        fromS3("sqs:SendMessage", arn("sqs", "uploads"), {
          Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::other" } },
        }),
      ),
      "with a grant of another action": set(
        "uploads-policy",
        "policy",
        fromS3("sqs:ReceiveMessage", arn("sqs", "uploads")),
      ),
      "with a grant to another service": set(
        "uploads-policy",
        "policy",
        fromS3("sqs:SendMessage", arn("sqs", "uploads"), { Principal: { Service: "sns.amazonaws.com" } }),
      ),
      "with the policy on another queue": both(
        plus(queue("more")),
        set("uploads-policy", "queueUrl", "https://sqs/more"),
      ),
      "without the topic's policy": without("news-policy"),
      "without the function's permission": without("resize-permission"),
      "with a permission for every account": set("resize-permission", "sourceAccount", undefined),
      "with a permission for another bucket": set("resize-permission", "sourceArn", "arn:aws:s3:::other"),
    },
    fine: {
      "with a queue of another stack": set("photos-events", "queues.0.queueArn", arn("sqs", "elsewhere")),
    },
  },
  "one-configuration-each": {
    good: [...notified, block("photos-block", "photos"), block("other-block", "other")],
    bad: {
      "with a block that names another bucket": set("other-block", "bucket", "photos"),
      "with two policies on one queue": plus(
        resource("aws:sqs/queuePolicy:QueuePolicy", "more", { queueUrl: "https://sqs/uploads", policy: policy() }),
      ),
      "with two policies on one topic": plus(
        resource("aws:sns/topicPolicy:TopicPolicy", "more", { arn: arn("sns", "news"), policy: policy() }),
      ),
    },
  },
  "policy-of-its-resource": {
    good: notified,
    bad: {
      "with the policy of another queue": set(
        "uploads-policy",
        "policy",
        fromS3("sqs:SendMessage", arn("sqs", "other")),
      ),
      "with the policy on another queue": both(
        plus(queue("more")),
        set("uploads-policy", "queueUrl", "https://sqs/more"),
      ),
      "with the policy of another bucket": plus(
        resource("aws:s3/bucketPolicy:BucketPolicy", "other-policy", {
          bucket: "other",
          policy: policy(allow("s3:GetObject", "arn:aws:s3:::photos/*", { Principal: { AWS: ACCOUNT } })),
        }),
      ),
    },
    fine: {
      "with objects, and a wildcard": plus(
        resource("aws:s3/bucketPolicy:BucketPolicy", "other-policy", {
          bucket: "other",
          policy: policy(
            allow("s3:*", ["arn:aws:s3:::other", "arn:aws:s3:::other/*", "*"], { Principal: { AWS: ACCOUNT } }),
          ),
        }),
      ),
    },
  },
  "apigateway-upload-order": {
    good: uploading,
    bad: {
      "without the notification among what the stage waits for": options("stage", {
        dependencies: [photosVersioning.urn],
      }),
      "without the versioning among what the deployment waits for": options("deployment", { dependencies: [] }),
      "without a notification": without("photos-events"),
      "with the versioning of another bucket": set("versioning", "bucket", "other"),
      "with an integration that is a resource": both(another, options("stage", { dependencies: [] })),
    },
    fine: {
      "when it only reads": both(set("api", "body", upload("GET")), options("stage", { dependencies: [] })),
      "with an integration that is a resource": another,
    },
  },
  "lambda-own-role": {
    good: [...lambda("resize"), ...lambda("index")],
    bad: {
      "with the role of another function": set("index", "role", `arn:aws:iam::${ACCOUNT}:role/resize-role`),
    },
  },
};

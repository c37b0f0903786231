import { both, plus, policy, resource, set, type Change } from "../../fixture";
import { ACCOUNT, allow, arn, bucket, grants, deny, mapping, queue, subscription, topic } from "../../parts";
import { attachment, IN, resizeMay } from "./stack";

const otherPolicy = resource(
  "aws:iam/policy:Policy",
  "extra",
  { name: "extra", policy: policy(allow("s3:PutObject", IN)) },
  { outputs: { arn: `arn:aws:iam::${ACCOUNT}:policy/extra` } },
);
const resizeTopic = [topic("failures"), subscription("failures", "lambda", "resize")];

/** Changes that close a loop, one for each way of work and each form of a grant. */
export const refused: Readonly<Record<string, Change>> = {
  "when it writes under the prefix that notifies its queue": resizeMay(allow("s3:PutObject", IN)),
  "when it writes one object there": resizeMay(allow("s3:PutObject", "arn:aws:s3:::photos/in/again.jpg")),
  "when it writes under a prefix around it": resizeMay(allow("s3:PutObject", "arn:aws:s3:::photos/i*")),
  "when it writes under a prefix inside it": resizeMay(allow("s3:PutObject", "arn:aws:s3:::photos/in/small/*")),
  "when the prefix of the notification is widened": set("photos-events", "queues.0.filterPrefix", "o"),
  "when the prefix of the notification is taken away": set("photos-events", "queues.0.filterPrefix", undefined),
  "when it may do anything to the bucket": resizeMay(allow("s3:*", "arn:aws:s3:::photos/*")),
  "when it may do everything": resizeMay(allow("*", "*")),
  "when a part of an action's name is a wildcard": resizeMay(allow("s3:Put*", "*")),
  "when a grant names all actions but one": resizeMay({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
  "when a grant names all resources but one": resizeMay({
    Effect: "Allow",
    Action: "s3:PutObject",
    NotResource: "arn:aws:s3:::other/*",
  }),
  "when a grant depends on a condition": resizeMay(
    allow("s3:PutObject", IN, { Condition: { Null: { "s3:if-none-match": "false" } } }),
  ),
  "when a Deny leaves a part": resizeMay(
    allow("s3:PutObject", IN),
    deny("s3:PutObject", "arn:aws:s3:::photos/in/raw/*"),
  ),
  "when a Deny depends on a condition": resizeMay(
    allow("s3:PutObject", IN),
    deny("s3:*", "*", { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
  ),
  "when a variable stands for the prefix": resizeMay(
    allow("s3:PutObject", "arn:aws:s3:::photos/${aws:PrincipalTag/folder}/*"),
  ),
  "when its policy is an object with one statement": set("resize-policy", "policy", {
    Version: "2012-10-17",
    Statement: allow("s3:PutObject", IN),
  }),
  "when its role has an inline policy": set("resize-role", "inlinePolicies", [
    { name: "extra", policy: policy(allow("s3:PutObject", IN)) },
  ]),
  "when a policy of the stack is attached": plus(otherPolicy, attachment(`arn:aws:iam::${ACCOUNT}:policy/extra`)),
  "when a policy of the stack is attached to several roles": plus(
    otherPolicy,
    resource("aws:iam/policyAttachment:PolicyAttachment", "attachment", {
      roles: ["index-role", "resize-role"],
      policyArn: `arn:aws:iam::${ACCOUNT}:policy/extra`,
    }),
  ),
  "when a policy of AWS is attached": plus(attachment("arn:aws:iam::aws:policy/AmazonS3FullAccess")),
  "when its role names a policy of AWS": set("resize-role", "managedPolicyArns", [
    "arn:aws:iam::aws:policy/AdministratorAccess",
  ]),
  "when the bucket's policy lets it write": plus(
    resource("aws:s3/bucketPolicy:BucketPolicy", "photos-policy", {
      bucket: "photos",
      policy: policy(allow("s3:PutObject", IN, { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/resize-role` } })),
    }),
  ),
  "when the bucket's policy lets everyone write": plus(
    resource("aws:s3/bucketPolicy:BucketPolicy", "photos-policy", {
      bucket: "photos",
      policy: policy(allow("s3:PutObject", IN, { Principal: "*" })),
    }),
  ),
  "when the ends of keys meet": resizeMay(allow("s3:PutObject", "arn:aws:s3:::scans/in/*.tif")),
  "when it is notified of deletions by a topic": resizeMay(allow("s3:DeleteObjectVersion", "arn:aws:s3:::feeds/in/*")),
  "when it is notified of uploads by a topic": resizeMay(allow("s3:PutObject", "arn:aws:s3:::feeds/*")),
  "when EventBridge tells it of new objects": resizeMay(allow("s3:PutObject", "arn:aws:s3:::drawings/in/*")),
  "when it sends to its own queue": resizeMay(allow("sqs:SendMessage", arn("sqs", "uploads"))),
  "when the policy of its queue lets it send": plus(
    resource("aws:sqs/queuePolicy:QueuePolicy", "uploads-policy", {
      queueUrl: "https://sqs/uploads",
      policy: policy(
        allow("sqs:SendMessage", arn("sqs", "uploads"), {
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/resize-role` },
        }),
      ),
    }),
  ),
  "when it sends to a queue by a wildcard": resizeMay(allow("sqs:Send*", arn("sqs", "up*"))),
  "when it publishes to the topic of its queue": resizeMay(allow("sns:Publish", arn("sns", "news"))),
  "when it sends events of any source to the bus": resizeMay(
    allow("events:PutEvents", arn("events", "event-bus/orders")),
  ),
  "when it sends events of the source that the rule takes": resizeMay(
    allow("events:PutEvents", "*", { Condition: { StringEquals: { "events:source": ["shop", "stock"] } } }),
  ),
  "when it writes to the table whose stream it reads": resizeMay(
    allow("dynamodb:UpdateItem", arn("dynamodb", "table/items")),
  ),
  "when it invokes itself": resizeMay(allow("lambda:InvokeFunction", `${arn("lambda", "function:resize")}:*`)),
  "when another function sends to its queue": resizeMay(allow("sqs:SendMessage", arn("sqs", "indexing"))),
  "when it starts a state machine that may send to its queue": both(
    plus(
      resource(
        "aws:sfn/stateMachine:StateMachine",
        "orders-flow",
        { name: "orders-flow", roleArn: `arn:aws:iam::${ACCOUNT}:role/index-role` },
        { outputs: { arn: arn("states", "stateMachine:orders-flow") } },
      ),
    ),
    resizeMay(allow("states:StartExecution", arn("states", "stateMachine:orders-flow"))),
  ),
  "when it makes a schedule that invokes it": both(
    plus(
      resource(
        "aws:iam/role:Role",
        "again-role",
        {
          name: "again-role",
          assumeRolePolicy: policy({
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "scheduler.amazonaws.com" },
          }),
        },
        { outputs: { arn: `arn:aws:iam::${ACCOUNT}:role/again-role` } },
      ),
      grants("again", allow("lambda:InvokeFunction", arn("lambda", "function:resize"))),
    ),
    resizeMay(allow("scheduler:CreateSchedule", "*"), allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/again-role`)),
  ),
  "when a failed run is sent to it again": both(
    plus(...resizeTopic),
    plus(
      resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "resize-async", {
        functionName: "resize",
        destinationConfig: { onFailure: { destination: arn("sns", "failures") } },
      }),
    ),
  ),
  "when its dead letters are sent to it again": both(
    plus(...resizeTopic),
    set("resize", "deadLetterConfig", { targetArn: arn("sns", "failures") }),
  ),
  "when a reader of dead letters sends them back": both(
    plus(queue("failed"), mapping(arn("sqs", "failed"), "index", "failed-mapping")),
    set("uploads", "redrivePolicy", JSON.stringify({ deadLetterTargetArn: arn("sqs", "failed"), maxReceiveCount: 5 })),
  ),
  "when a pipe carries its messages back": both(
    plus(
      queue("relayed"),
      resource("aws:pipes/pipe:Pipe", "relay", { source: arn("sqs", "relayed"), target: arn("sqs", "uploads") }),
    ),
    resizeMay(allow("sqs:SendMessage", arn("sqs", "relayed"))),
  ),
  "when a bucket is copied to the one that notifies": both(
    plus(
      bucket("archive"),
      resource("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "archive-copies", {
        bucket: "archive",
        rules: [{ status: "Enabled", filter: { prefix: "in/" }, destination: { bucket: "arn:aws:s3:::photos" } }],
      }),
    ),
    resizeMay(allow("s3:PutObject", "arn:aws:s3:::archive/*")),
  ),
  "when a delivery stream writes where it is notified": both(
    plus(
      resource(
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "clicks",
        { extendedS3Configuration: { bucketArn: "arn:aws:s3:::photos", prefix: "in/!{timestamp:yyyy}/" } },
        { outputs: { arn: arn("firehose", "deliverystream/clicks") } },
      ),
    ),
    resizeMay(allow("firehose:PutRecordBatch", arn("firehose", "deliverystream/clicks"))),
  ),
  "when its own log is sent to it": both(
    plus(
      resource(
        "aws:cloudwatch/logGroup:LogGroup",
        "resize-log",
        { name: "resize-log" },
        { outputs: { arn: arn("logs", "log-group:resize-log") } },
      ),
      resource("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "resize-log-filter", {
        logGroup: "resize-log",
        destinationArn: arn("lambda", "function:resize"),
      }),
    ),
    resizeMay(allow("logs:PutLogEvents", `${arn("logs", "log-group:resize-log")}:log-stream:*`)),
  ),
};

import type { Resource } from "../../model/resource";
import { both, plus, resource, set, without, type Fixture } from "../fixture";
import { arn, lambda, queue } from "../parts";

const redrive = (name: string): string =>
  JSON.stringify({ deadLetterTargetArn: arn("sqs", name), maxReceiveCount: 10 });
const alarm = (name: string, of: string, metricName: string, threshold: number): Resource =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", name, {
    namespace: "AWS/SQS",
    metricName,
    dimensions: { QueueName: of },
    comparisonOperator: "GreaterThanThreshold",
    threshold,
  });
const inQuery = (of: string): Resource =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", "in-query", {
    metricQueries: [
      { metric: { namespace: "AWS/SQS", metricName: "ApproximateAgeOfOldestMessage", dimensions: { QueueName: of } } },
    ],
  });

const queues: Resource[] = [
  queue("failed", { messageRetentionSeconds: 1_209_600 }),
  queue("uploads", { redrivePolicy: redrive("failed"), visibilityTimeoutSeconds: 365 }),
  ...lambda("resize"),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "resize-mapping", {
    eventSourceArn: arn("sqs", "uploads"),
    functionName: "resize",
    maximumBatchingWindowInSeconds: 5,
  }),
  alarm("failed-alarm", "failed", "ApproximateNumberOfMessagesVisible", 0),
  alarm("uploads-alarm", "uploads", "ApproximateAgeOfOldestMessage", 900),
];

/** Fixtures of the rules that follow queues to their functions, dead letters and alarms, by the rule's name. */
export const queueGraph: Record<string, Fixture> = {
  "sqs-dead-letters-last": {
    good: queues,
    bad: {
      "with the same retention": set("failed", "messageRetentionSeconds", 345_600),
      "with the retention of a queue that says nothing": set("failed", "messageRetentionSeconds", undefined),
      "with a source that keeps messages for as long": set("uploads", "messageRetentionSeconds", 1_209_600),
      "with a redrive policy of its own": both(
        set("uploads", "redrivePolicy", undefined),
        plus(
          resource("aws:sqs/redrivePolicy:RedrivePolicy", "redrive", {
            queueUrl: "https://sqs/uploads",
            redrivePolicy: { deadLetterTargetArn: arn("sqs", "failed"), maxReceiveCount: 10 },
          }),
        ),
        set("failed", "messageRetentionSeconds", 60),
      ),
    },
  },
  "sqs-dead-letter-target": {
    good: queues,
    bad: {
      "without the queue": without("failed"),
      "with a queue of another name": set("uploads", "redrivePolicy", redrive("faild")),
      "with itself as its dead-letter queue": set("uploads", "redrivePolicy", redrive("uploads")),
    },
  },
  "sqs-dead-letter-queue-used": {
    good: [...queues, queue("orders-dead-letters"), queue("orders", { redrivePolicy: redrive("orders-dead-letters") })],
    bad: {
      "without a redrive policy": set("orders", "redrivePolicy", undefined),
      "without its source": without("orders"),
      "with a redrive policy to another queue": set("orders", "redrivePolicy", redrive("failed")),
      "with nothing but leave to use it": plus(
        queue("spare"),
        resource("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "spare-allow", { queueUrl: "https://sqs/spare" }),
      ),
    },
    fine: {
      "with a function's failures": both(
        set("orders", "redrivePolicy", undefined),
        set("resize", "deadLetterConfig", { targetArn: arn("sqs", "orders-dead-letters") }),
      ),
    },
  },
  "sqs-visibility-timeout": {
    good: [
      ...queues.map((each) => (each.name === "resize" ? { ...each, inputs: { ...each.inputs, timeout: 60 } } : each)),
    ],
    bad: {
      "with a shorter visibility timeout": set("uploads", "visibilityTimeoutSeconds", 364),
      "with that of a queue that says nothing": set("uploads", "visibilityTimeoutSeconds", undefined),
      "with a longer run": set("resize", "timeout", 61),
      "with a longer batching window": set("resize-mapping", "maximumBatchingWindowInSeconds", 6),
    },
  },
  "sqs-alarms": {
    good: queues,
    bad: {
      "without the alarm on dead letters": without("failed-alarm"),
      "with an alarm on the second dead letter": set("failed-alarm", "threshold", 1),
      "with an alarm on few dead letters": set("failed-alarm", "comparisonOperator", "LessThanThreshold"),
      "with an alarm on another queue": set("failed-alarm", "dimensions.QueueName", "other"),
      "with an alarm on another metric": set("failed-alarm", "metricName", "NumberOfMessagesSent"),
      "without the alarm on the age": without("uploads-alarm"),
      "with the age of another queue": set("uploads-alarm", "dimensions.QueueName", "failed"),
    },
    fine: {
      "with an alarm from one dead letter on": both(
        set("failed-alarm", "threshold", 1),
        set("failed-alarm", "comparisonOperator", "GreaterThanOrEqualToThreshold"),
      ),
      "with the age in an expression": both(without("uploads-alarm"), plus(inQuery("uploads"))),
    },
  },
};

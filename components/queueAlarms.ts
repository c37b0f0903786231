import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Alarms when the function gave a message up, and when messages wait for longer than a quarter of an hour. */
export function queueAlarms(
  name: string,
  { queue, deadLetterQueue }: Record<"queue" | "deadLetterQueue", Pick<aws.sqs.Queue, "name">>,
  actions: pulumi.Input<string>[],
  child: pulumi.CustomResourceOptions,
): void {
  const common = {
    namespace: "AWS/SQS",
    statistic: "Maximum",
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    // A queue that nobody used for hours reports nothing, and that is well.
    treatMissingData: "notBreaching",
    alarmActions: actions,
    okActions: actions,
  };
  new aws.cloudwatch.MetricAlarm(
    `${name}-dead-letters-alarm`,
    {
      ...common,
      alarmDescription: `${name} gave up on messages: they wait in its dead-letter queue.`,
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetterQueue.name },
      threshold: 0,
    },
    child,
  );
  new aws.cloudwatch.MetricAlarm(
    `${name}-age-alarm`,
    {
      ...common,
      alarmDescription: `Messages wait in ${name} for more than 15 minutes.`,
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: queue.name },
      threshold: 15 * 60,
    },
    child,
  );
}

import { QUEUE } from "../../model/awsTypes";
import { allDeadLetters } from "../../model/deadLetters";
import type { Graph } from "../../model/graph";
import { read, readList, readNumber, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { rule } from "../rule";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const queueAlarms = rule({
  name: "sqs-alarms",
  group: "SQS",
  ids: [],
  level: "mandatory",
  title: "An alarm reports the first dead letter, and waiting messages",
  reason: "Work stops without a sign: dead letters expire unseen, and a queue that is not read only grows.",
  remedy:
    "Declare an aws.cloudwatch.MetricAlarm with QueueName as dimension: on ApproximateNumberOfMessagesVisible above 0 for a dead-letter queue, on ApproximateAgeOfOldestMessage for every other.",
  types: [QUEUE],
  reads: "graph",
  *check(queue, graph) {
    const isForDeadLetters = allDeadLetters(graph).some((each) => each.queue === queue);
    const metric = isForDeadLetters ? "ApproximateNumberOfMessagesVisible" : "ApproximateAgeOfOldestMessage";
    const alarms = graph.all(ALARM).filter((alarm) => watches(graph, alarm, queue, metric));
    if (alarms.length === 0) yield { property: "alarm", value: "none", allowed: `one on ${metric}` };
    if (!isForDeadLetters || alarms.some(isRaisedByOne)) return;
    for (const alarm of alarms)
      yield { property: "threshold", value: read(alarm, "threshold"), allowed: "the first message", on: alarm };
  },
});

/** Whether an alarm is on a metric of the queue, alone or in an expression. */
function watches(graph: Graph, alarm: Resource, queue: Resource, metric: string): boolean {
  const queries = Array.from(readList(alarm, "metricQueries").keys(), (at) => `metricQueries.${at}.metric.`);
  return ["", ...queries].some(
    (path) =>
      readText(alarm, `${path}namespace`) === "AWS/SQS" &&
      readText(alarm, `${path}metricName`) === metric &&
      graph.target(alarm, `${path}dimensions.QueueName`, QUEUE) === queue,
  );
}

function isRaisedByOne(alarm: Resource): boolean {
  const threshold = readNumber(alarm, "threshold") ?? Infinity;
  const operator = readText(alarm, "comparisonOperator");
  return operator === "GreaterThanThreshold"
    ? threshold < 1
    : operator === "GreaterThanOrEqualToThreshold" && threshold <= 1;
}

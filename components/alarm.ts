import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Alarms } from "./alarms";

export interface AlarmArgs {
  /** The event and the part that it happened to, in one sentence. */
  description: string;
  /** Its kind, by which docs/operating.md tells what to do. */
  kind: AlarmKind;
  /** A metric that AWS keeps by itself. */
  metric: { namespace: string; name: string; dimensions: Record<string, pulumi.Input<string>> };
  /** How the values of one period become the one that is compared. */
  statistic: "Average" | "Maximum" | "Sum";
  /** The alarm is raised above it: 0 or more, in the metric's own unit. */
  threshold: number;
  /** Length of one period: 60 seconds or a multiple of it. */
  periodSeconds: number;
  /** How many periods in a row must be above the threshold. Default: 1. */
  periods?: number;
  /** Receives the alarm, and its end. */
  alarms: Pick<Alarms, "actions" | "names" | "arns">;
}

/**
 * Declares an alarm on one metric. A period without values counts as good: a part that was not used reports nothing.
 * @param name of the metric alarm
 * @param child options of the component that it belongs to
 */
function alarm(name: string, args: AlarmArgs, child: pulumi.CustomResourceOptions): void {
  const { kind, description, statistic, threshold, periodSeconds: period, periods = 1, alarms } = args;
  const { name: metricName, ...metric } = args.metric;
  const declared = new aws.cloudwatch.MetricAlarm(
    name,
    {
      ...metric,
      metricName,
      statistic,
      threshold,
      comparisonOperator: "GreaterThanThreshold",
      period,
      evaluationPeriods: periods,
      alarmDescription: described(kind, description),
      treatMissingData: "notBreaching",
      alarmActions: alarms.actions,
      okActions: alarms.actions,
    },
    child,
  );
  alarms.names.push(declared.name);
  alarms.arns.push(declared.arn);
}

type AlarmKind =
  | "dead-letters"
  | "dead-letters-age"
  | "age"
  | "events-dead-letters"
  | "events-age"
  | "errors"
  | "throttles"
  | "api-errors"
  | "latency";

/** The description of an alarm, and where its entry in the runbook is. */
export const described = (kind: AlarmKind, description: string): string =>
  `${description} What to do: docs/operating.md#alarm-${kind}`;

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
type Queue = Pick<aws.sqs.Queue, "name">;

const queueMetric = (of: Queue, name: string) => ({ namespace: "AWS/SQS", name, dimensions: { QueueName: of.name } });

/** Alarms of a queue: it has dead letters, dead letters are about to expire, messages wait for too long. */
export function queueAlarms(
  name: string,
  { queue, deadLetterQueue }: { queue: Queue; deadLetterQueue: Queue },
  alarms: AlarmArgs["alarms"],
  child: pulumi.CustomResourceOptions,
): void {
  const description = `${name} gave up on messages: they wait in its dead-letter queue.`;
  deadLetterAlarms(name, deadLetterQueue, { kind: "dead-letters", description, alarms }, child);
  alarm(
    `${name}-age-alarm`,
    {
      kind: "age",
      description: `Messages wait in ${name} for more than 15 minutes.`,
      metric: queueMetric(queue, "ApproximateAgeOfOldestMessage"),
      statistic: "Maximum",
      threshold: 15 * MINUTE,
      periodSeconds: MINUTE,
      alarms,
    },
    child,
  );
}

/** Alarms of what reads a stream: changes wait for an hour, of 24 that they live; changes cannot be announced at all. */
export function eventAlarms(
  name: string,
  { lambda, deadLetterQueue }: { lambda: Pick<aws.lambda.Function, "name">; deadLetterQueue: Queue },
  alarms: AlarmArgs["alarms"],
  child: pulumi.CustomResourceOptions,
): void {
  const description = `${name} gave up on changes of images: its dead-letter queue tells which.`;
  deadLetterAlarms(name, deadLetterQueue, { kind: "events-dead-letters", description, alarms }, child);
  alarm(
    `${name}-age-alarm`,
    {
      kind: "events-age",
      description: `Changes of images wait for ${name} for more than an hour: after 23 hours they are given up.`,
      metric: { namespace: "AWS/Lambda", name: "IteratorAge", dimensions: { FunctionName: lambda.name } },
      statistic: "Maximum",
      threshold: 60 * MINUTE * 1000, // milliseconds
      periodSeconds: MINUTE,
      alarms,
    },
    child,
  );
}

/** Alarms of a dead-letter queue: it is not empty, or dead letters are about to expire. */
function deadLetterAlarms(
  name: string,
  deadLetterQueue: Queue,
  about: Pick<AlarmArgs, "kind" | "description" | "alarms">,
  child: pulumi.CustomResourceOptions,
): void {
  const common = { ...about, statistic: "Maximum", periodSeconds: MINUTE } as const;
  alarm(
    `${name}-dead-letters-alarm`,
    { ...common, metric: queueMetric(deadLetterQueue, "ApproximateNumberOfMessagesVisible"), threshold: 0 },
    child,
  );
  alarm(
    `${name}-dead-letters-age-alarm`,
    {
      ...common,
      kind: "dead-letters-age",
      description: `A dead letter of ${name} is 7 days old: it expires up to 14 days after it was first sent.`,
      // The age counts from the move to this queue, the retention from the first sending up to 4 days before:
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
      metric: queueMetric(deadLetterQueue, "ApproximateAgeOfOldestMessage"),
      threshold: 7 * DAY,
    },
    child,
  );
}

/** Alarms of a function: it crashed or ran out of time or memory; it was throttled for a quarter of an hour. */
export function functionAlarms(
  name: string,
  lambda: Pick<aws.lambda.Function, "name">,
  alarms: AlarmArgs["alarms"],
  child: pulumi.CustomResourceOptions,
): void {
  const dimensions = { FunctionName: lambda.name };
  const metric = (metricName: string) => ({ namespace: "AWS/Lambda", name: metricName, dimensions });
  const common = { statistic: "Sum", threshold: 0, periodSeconds: 5 * MINUTE, alarms } as const;
  alarm(
    `${name}-errors-alarm`,
    {
      ...common,
      kind: "errors",
      description: `${name} crashed, or ran out of time or memory.`,
      metric: metric("Errors"),
    },
    child,
  );
  alarm(
    `${name}-throttles-alarm`,
    {
      ...common,
      kind: "throttles",
      description: `${name} was throttled for 15 minutes: the account runs too few functions at once.`,
      metric: metric("Throttles"),
      // A short throttle is tried again by itself.
      periods: 3,
    },
    child,
  );
}

/** The alarm of an API's stage: more than one of a hundred answers in five minutes was a 5xx. */
export function apiAlarm(
  name: string,
  { api, stage }: { api: Pick<aws.apigateway.RestApi, "name">; stage: Pick<aws.apigateway.Stage, "stageName"> },
  alarms: AlarmArgs["alarms"],
  child: pulumi.CustomResourceOptions,
): void {
  alarm(
    `${name}-errors-alarm`,
    {
      kind: "api-errors",
      description: `${name} answered more than 1 % of its requests with 5xx.`,
      // Its average is the share of failed requests:
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
      metric: {
        namespace: "AWS/ApiGateway",
        name: "5XXError",
        dimensions: { ApiName: api.name, Stage: stage.stageName },
      },
      statistic: "Average",
      threshold: 0.01,
      periodSeconds: 5 * MINUTE,
      alarms,
    },
    child,
  );
}

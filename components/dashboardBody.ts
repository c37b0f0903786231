/** The parts of a stack that a dashboard watches, by their physical names. */
export interface Watched {
  region: string;
  /** Of the service's own metrics. */
  namespace: string;
  /** By logical name. */
  functions: Record<string, string>;
  logGroups: Record<string, string>;
  queues: { label: string; name: string; deadLetters: string }[];
  apiName: string;
  stageName: string;
  table: string;
  /** ARNs. */
  alarms: string[];
  latencyObjectiveSeconds: number;
}

/** A metric as a widget lists it: namespace, name, dimensions, and options; or an expression. */
type MetricLine = (string | Record<string, unknown>)[];
interface Widget {
  type: "metric" | "log" | "alarm";
  x: number;
  y: number;
  width: number;
  height: number;
  properties: Record<string, unknown>;
}
type Panel = Pick<Widget, "type" | "properties">;

/** Widgets stand three in a row of 24 columns. */
const [WIDTH, HEIGHT, IN_A_ROW] = [8, 6, 3];

/**
 * The body of a dashboard.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(watched: Watched): { periodOverride: "inherit"; widgets: Widget[] } {
  const panels = [...images(watched), ...queues(watched), ...functions(watched), ...api(watched), ...costs(watched)];
  const widgets = panels.map((panel, i) => ({
    ...panel,
    x: (i % IN_A_ROW) * WIDTH,
    y: Math.floor(i / IN_A_ROW) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
  }));
  return { periodOverride: "inherit", widgets };
}

function images(watched: Watched): Panel[] {
  const { namespace, region, alarms, latencyObjectiveSeconds } = watched;
  const of = (name: string, service: string, options: Record<string, unknown>): MetricLine => [
    namespace,
    name,
    "service",
    service,
    options,
  ];
  const latency = (stat: string): MetricLine =>
    of("EndToEndLatency", "ResolutionBasedImagePutProcess", { stat, label: stat });
  const byCause = (name: string): MetricLine => [
    {
      expression: `SEARCH('Namespace="${namespace}" MetricName="${name}" Cause', 'Sum')`,
      label: name,
      id: name.toLowerCase(),
    },
  ];
  return [
    graph(watched, "From upload to READY, ms", [latency("p50"), latency("p99")], {
      annotations: { horizontal: [{ label: "objective", value: latencyObjectiveSeconds * 1000 }] },
    }),
    graph(watched, "Images", [
      of("ImagesStored", "RawImagePutProcess", { stat: "Sum", label: "stored" }),
      of("EndToEndLatency", "ResolutionBasedImagePutProcess", { stat: "SampleCount", label: "ready" }),
      of("ImagesDeleted", "ResolutionBasedImageDeleteProcess", { stat: "Sum", label: "deleted" }),
    ]),
    graph(watched, "Rejected and failed, by cause", [byCause("ImagesRejected"), byCause("ImagesFailed")]),
    { type: "alarm", properties: { title: "Alarms", alarms } },
    {
      type: "log",
      properties: {
        title: "The last rejections and failures",
        region,
        view: "table",
        query: [
          ...Object.values(watched.logGroups).map((group) => `SOURCE '${group}'`),
          "fields @timestamp, name, outcome, cause, reason",
          'filter outcome in ["rejected", "failed"]',
          "sort @timestamp desc",
          "limit 20",
        ].join(" | "),
      },
    },
  ];
}

function queues(watched: Watched): Panel[] {
  const of = (name: string, stat: string, which: "name" | "deadLetters" = "name"): MetricLine[] =>
    watched.queues.map((queue) => ["AWS/SQS", name, "QueueName", queue[which], { stat, label: queue.label }]);
  return [
    graph(watched, "Oldest message, s", of("ApproximateAgeOfOldestMessage", "Maximum")),
    graph(watched, "Messages that wait", of("ApproximateNumberOfMessagesVisible", "Maximum")),
    graph(watched, "Dead letters", of("ApproximateNumberOfMessagesVisible", "Maximum", "deadLetters")),
  ];
}

function functions(watched: Watched): Panel[] {
  const of = (name: string, stat: string): MetricLine[] =>
    Object.entries(watched.functions).map(([label, lambda]) => [
      "AWS/Lambda",
      name,
      "FunctionName",
      lambda,
      { stat, label },
    ]);
  const usage = { Service: "Lambda", Type: "Resource", Resource: "ConcurrentExecutions", Class: "None" };
  return [
    graph(watched, "Errors", of("Errors", "Sum")),
    graph(watched, "Duration p99, ms", of("Duration", "p99")),
    graph(watched, "Throttles", of("Throttles", "Sum")),
    graph(watched, "Functions at work, and the account's limit", [
      ...of("ConcurrentExecutions", "Maximum"),
      [
        "AWS/Usage",
        "ResourceCount",
        ...Object.entries(usage).flat(),
        { id: "used", label: "account", stat: "Maximum" },
      ],
      [{ expression: "SERVICE_QUOTA(used)", id: "quota", label: "limit" }],
    ]),
  ];
}

function api(watched: Watched): Panel[] {
  const { apiName, stageName } = watched;
  const of = (name: string, stat: string, label: string): MetricLine => [
    "AWS/ApiGateway",
    name,
    "ApiName",
    apiName,
    "Stage",
    stageName,
    { stat, label },
  ];
  return [
    graph(watched, "API: answers", [
      of("Count", "Sum", "all"),
      of("4XXError", "Sum", "4xx"),
      of("5XXError", "Sum", "5xx"),
    ]),
    graph(watched, "API: latency, ms", [of("Latency", "p50", "p50"), of("Latency", "p99", "p99")]),
  ];
}

/** The counts that a bill follows. */
function costs(watched: Watched): Panel[] {
  const units = (name: string): MetricLine => [
    "AWS/DynamoDB",
    name,
    "TableName",
    watched.table,
    { stat: "Sum", label: name },
  ];
  const invocations = Object.entries(watched.functions).map(([label, lambda]): MetricLine => [
    "AWS/Lambda",
    "Invocations",
    "FunctionName",
    lambda,
    { stat: "Sum", label },
  ]);
  const sent = watched.queues.map(({ label, name }): MetricLine => [
    "AWS/SQS",
    "NumberOfMessagesSent",
    "QueueName",
    name,
    { stat: "Sum", label },
  ]);
  return [
    graph(watched, "Cost: invocations", invocations),
    graph(watched, "Cost: capacity of the table", [
      units("ConsumedWriteCapacityUnits"),
      units("ConsumedReadCapacityUnits"),
    ]),
    graph(watched, "Cost: messages", sent),
  ];
}

const graph = (
  { region }: Watched,
  title: string,
  metrics: MetricLine[],
  more: Record<string, unknown> = {},
): Panel => ({
  type: "metric",
  properties: { title, region, view: "timeSeries", stacked: false, period: 300, metrics, ...more },
});

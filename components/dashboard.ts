import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Alarms } from "./alarms";
import { dashboardBody, type Watched } from "./dashboardBody";
import type { FunctionList } from "./functionList";
import type { ImageApi } from "./imageApi";
import type { ImageStore } from "./imageStore";
import { metricsNamespace } from "./metricsNamespace";
import type { QueuePair } from "./queueFunction";
import { savedQueries } from "./savedQueries";

export interface DashboardArgs {
  /** All functions of the stack, with their logs. */
  functions: Pick<FunctionList, "names" | "logGroups">;
  /** By name, in the order in which images pass them. */
  queues: Record<string, QueuePair>;
  /** Shown by its stage's metrics, which are free. */
  api: Pick<ImageApi, "apiName" | "stageName">;
  /** Its table: the capacity that it takes. */
  store: Pick<ImageStore, "table">;
  /** Shown with their states. */
  alarms: Pick<Alarms, "arns">;
  /** Drawn beside the latency: 1 to 3600. */
  latencyObjectiveSeconds: number;
}

/**
 * A CloudWatch dashboard of a stack: latency, images, rejections by cause, queues, functions, API, and the counts that cost;
 * and saved queries of Logs Insights about the functions' logs.
 *
 * @example
 * ```ts
 * const { url } = new Dashboard("dashboard", { functions, queues, api, store, alarms, latencyObjectiveSeconds: 30 });
 * ```
 */
export class Dashboard extends pulumi.ComponentResource {
  /** Its page in AWS's console. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:Dashboard", name, {}, opts);
    const child = { parent: this };
    const { region } = aws.getRegionOutput({}, child);
    const { partition } = aws.getPartitionOutput({}, child);
    const watched: pulumi.Output<Watched> = pulumi.output({
      region,
      namespace: metricsNamespace(),
      functions: args.functions.names,
      logGroups: args.functions.logGroups,
      queues: Object.entries(args.queues).map(([queue, { queue: source, deadLetterQueue }]) => ({
        label: queue,
        name: source.name,
        deadLetters: deadLetterQueue.name,
      })),
      apiName: args.api.apiName,
      stageName: args.api.stageName,
      table: args.store.table.name,
      alarms: args.alarms.arns,
      latencyObjectiveSeconds: args.latencyObjectiveSeconds,
    });
    const stack = `${pulumi.getProject()}-${pulumi.getStack()}`;
    for (const [query, { title, query: queryString }] of Object.entries(savedQueries))
      new aws.cloudwatch.QueryDefinition(
        `${name}-${query}`,
        { name: `${stack}/${title}`, queryString, logGroupNames: Object.values(args.functions.logGroups) },
        child,
      );
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: stack,
        dashboardBody: watched.apply((all) => JSON.stringify(dashboardBody(all))),
      },
      child,
    );
    this.url = pulumi.interpolate`https://${region}.${partition.apply(consoleOf)}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({ url: this.url });
  }
}

/** Host of AWS's console in a partition. */
function consoleOf(partition: string): string {
  if (partition === "aws-cn") return "console.amazonaws.cn";
  return partition === "aws-us-gov" ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com";
}

import type * as pulumi from "@pulumi/pulumi";

/** The logs of a stack's functions: how long they are kept, and where they are. */
export class FunctionLogs {
  /** Name of each function's log group, by the function's logical name. Each adds its own when it is declared. */
  readonly groups: Record<string, pulumi.Output<string>> = {};

  /** @param retentionDays one of the values that CloudWatch Logs takes (1, 3, 5, 7, 14, 30 … 3653) */
  constructor(readonly retentionDays: number) {}
}

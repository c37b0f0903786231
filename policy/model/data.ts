import { BUCKET, QUEUE, TABLE } from "./awsTypes";
import type { Graph } from "./graph";
import { readFlag } from "./read";

/**
 * Whether a stack keeps data: something of it is protected from deletion. A stack without any protection is taken for
 * one that may go, such as a stack of tests.
 */
export function keepsData(graph: Graph): boolean {
  return (
    graph.all(BUCKET, QUEUE, TABLE).some(({ protect }) => protect) ||
    graph.all(TABLE).some((table) => readFlag(table, "deletionProtectionEnabled"))
  );
}

import { parseArn } from "./arn";
import type { Graph } from "./graph";
import { NotKnown, type Resource } from "./resource";

/** The account of a principal, given as ARN or by its id. @returns undefined for any other principal */
export function accountOf(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : parseArn(principal)?.account;
}

/**
 * The account that the stack is deployed to, from the ARNs of its resources.
 * @throws NotKnown about the property that is compared with it, when no ARN is known
 */
export function ownAccount(graph: Graph, resource: Resource, property: string): string {
  for (const { outputs } of graph.resources) {
    const account = typeof outputs.arn === "string" ? parseArn(outputs.arn)?.account : undefined;
    if (account !== undefined && /^\d{12}$/.test(account)) return account;
  }
  throw new NotKnown(resource, property);
}

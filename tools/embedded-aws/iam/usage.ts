import type { Grant, NamedPolicy } from "./evaluate";
import { listOf } from "./policyDocument";

/** One action on one resource that a role's policy grants, and the number of calls that needed it. */
export interface GrantUse {
  roleArn: string;
  policy: string;
  statement: number;
  /** Entries of Action and Resource, as written. */
  action: string;
  resource: string;
  used: number;
}

/**
 * Counts the grants that calls needed, so that a test finds unused grants. A call counts for the first grant that covers
 * it: a second grant of the same thing stays unused.
 */
export class GrantUsage {
  private readonly counts = new Map<string, number>();

  record(roleArn: string, grant: Grant): void {
    const key = keyOf(roleArn, grant.policy ?? "", grant.statement, grant.actionPattern, grant.resourcePattern);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** Every pair of action and resource that the role's policies allow. */
  list(roleArn: string, policies: NamedPolicy[]): GrantUse[] {
    return policies.flatMap(({ name, document }) =>
      listOf(document.Statement).flatMap((statement, index) => {
        if (statement.Effect !== "Allow") return [];
        const actions =
          statement.Action === undefined ? [`NotAction ${joined(statement.NotAction)}`] : listOf(statement.Action);
        const resources =
          statement.Resource === undefined
            ? [`NotResource ${joined(statement.NotResource)}`]
            : listOf(statement.Resource);
        return actions.flatMap((action) =>
          resources.map((resource) => ({
            roleArn,
            policy: name,
            statement: index,
            action,
            resource,
            used: this.counts.get(keyOf(roleArn, name, index, action, resource)) ?? 0,
          })),
        );
      }),
    );
  }
}

const joined = (entries: string | string[] | undefined): string => listOf(entries ?? []).join(", ");

const keyOf = (...parts: (string | number)[]): string => JSON.stringify(parts);

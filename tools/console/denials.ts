import type { LocalRun } from "../embedded-aws";
import { isRoleOf } from "./graph";
import type { Denial, Graph } from "./shapes";

type Resource = LocalRun["resources"][number];
type Decided = Parameters<Parameters<LocalRun["cloud"]["iam"]["onDecision"]>[0]>[0];

const MOST = 20;

/** Finds the parts of the pipeline at which a denied call happened: who made it, and what it was about. */
export function denialOf(
  { caller, action, resource }: Pick<Decided, "caller" | "action" | "resource">,
  { parts }: Graph,
  declared: (name: string) => Resource | undefined,
): Denial {
  const found = (is: (part: Resource, name: string) => boolean): string | undefined =>
    parts.find(({ name }) => {
      const part = declared(name);
      return part !== undefined && is(part, name);
    })?.name;
  const by = found((part) => isRoleOf(part, caller.arn)) ?? caller.arn;
  const at = found(({ state }, name) =>
    [state.arn, state.executionArn, declared(`${name}-dead-letters`)?.state.arn].some((arn) => isIn(resource, arn)),
  );
  return { time: new Date().toISOString(), by, action, resource, at };
}

/** The denials that are kept: the newest first. */
export const withDenial = (denied: readonly Denial[], newest: Denial): Denial[] => [newest, ...denied].slice(0, MOST);

/** Whether an ARN is a part's own, or of something in it: an object, an index, a path. */
const isIn = (arn: string, part: unknown): boolean => arn === part || arn.startsWith(`${String(part)}/`);

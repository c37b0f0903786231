import { covers, coversAction } from "../model/arn";
import type { Graph } from "../model/graph";
import { grantsOn } from "../model/policies";
import type { Statement } from "../model/policyDocument";
import { NotKnown, UNKNOWN, type Resource } from "../model/resource";
import type { Problem } from "./rule";

/**
 * The parts of a resource that some call without TLS can reach.
 * @param attachment type and property of the resources that attach a policy
 * @param suffixes of the resource's ARN that calls name: "" for itself, "/*" for its objects
 */
export function* reachableWithoutTls(
  graph: Graph,
  resource: Resource,
  { attachment, action, suffixes }: { attachment: readonly [string, string]; action: string; suffixes: string[] },
): Iterable<Problem> {
  const denials = grantsOn(graph, resource, attachment).filter((grant) => deniesWithoutTls(grant, action));
  const { arn } = resource.outputs;
  if (arn === UNKNOWN && denials.length > 0) throw new NotKnown(resource, "arn");
  for (const suffix of suffixes) {
    const called = `${String(arn)}${suffix}`;
    if (!denials.some(({ resources }) => resources.some((pattern) => covers(pattern, called))))
      yield {
        property: "policy",
        value: `without a statement that denies calls without TLS on ${suffix === "" ? "it" : `its ${suffix}`}`,
        allowed: `Deny ${action} to * where aws:SecureTransport is false`,
      };
  }
}

function deniesWithoutTls({ effect, principals, actions, conditions }: Statement, action: string): boolean {
  const [condition, ...more] = conditions;
  return (
    effect === "Deny" &&
    principals.some(({ value }) => value === "*") &&
    actions.some((pattern) => coversAction(pattern, action)) &&
    // Any other condition would leave calls out.
    more.length === 0 &&
    condition !== undefined &&
    /^Bool(IfExists)?$/i.test(condition.operator) &&
    condition.key.toLowerCase() === "aws:securetransport" &&
    condition.values.length === 1 &&
    condition.values[0] === "false"
  );
}

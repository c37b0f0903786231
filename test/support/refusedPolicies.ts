import { evaluate } from "../../policy/evaluate";
import { Graph } from "../../policy/model/graph";
import { policiesOf } from "../../policy/model/policies";
import { possible } from "../../policy/rules/iam/possible";

/** How many policies there are among the outputs of resources, trust policies too, and those that mean nothing to AWS. */
export async function refusedPolicies(
  recorded: { type: string; name: string; state: Record<string, unknown> }[],
): Promise<{ policies: number; refused: string[] }> {
  const resources = recorded.map(({ type, name, state }) => ({
    type,
    name,
    urn: name,
    inputs: state,
    outputs: state,
    protect: false,
    dependencies: [],
    propertyDependencies: {},
  }));
  const policies = resources
    .flatMap((resource) => policiesOf(resource))
    .filter(({ statements = [] }) => statements.length > 0);
  const findings = await evaluate(new Graph(resources), { rules: [possible] });
  return { policies: policies.length, refused: findings.map(({ message }) => message) };
}

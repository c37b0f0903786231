import type { LocalRun } from "../../embedded-aws";
import { resourceTypes } from "../../embedded-aws/engine";

type Inputs = Record<string, unknown>;

/**
 * Declares a resource of a run again, with other inputs.
 * @param type its end: `Permission`
 * @returns the function that declares it as it was
 */
export async function redeclare(
  { resources, cloud }: LocalRun,
  type: string,
  name: string,
  change: (inputs: Inputs) => Inputs,
): Promise<() => Promise<void>> {
  const declared = resources.find((each) => each.name === name && each.type.endsWith(`:${type}`));
  if (!declared) throw new Error(`no ${type} ${name} is declared`);
  const apply = async (inputs: Inputs) => resourceTypes[declared.type]?.apply?.(cloud, { ...declared, inputs });
  await apply(change(structuredClone(declared.inputs)));
  return () => apply(declared.inputs);
}

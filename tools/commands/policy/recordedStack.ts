import { join } from "node:path";
import { type Gathered, gather, readStackConfig } from "../../embedded-aws";
import { ROOT } from "../engine/project";
import { installedLayer } from "../support/installedLayer";

const place = {
  accountId: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  awsUrl: "https://aws.test",
  apiUrl: "https://api.test",
} as const;

const recorded = new Map<string, Promise<Gathered["resources"]>>();

/**
 * Runs this program as one of its stacks, without engine or account; once in a process for the same arguments.
 * @param positions whether each resource tells where it is declared
 * @param config replaces some of the stack's configuration
 */
export function recordedStack(
  stack: string,
  positions = false,
  config: Record<string, string> = {},
): Promise<Gathered["resources"]> {
  const key = JSON.stringify([stack, positions, config]);
  const known = recorded.get(key) ?? record(stack, positions, config);
  recorded.set(key, known);
  return known;
}

async function record(
  stack: string,
  positions: boolean,
  config: Record<string, string>,
): Promise<Gathered["resources"]> {
  process.env.SNAIL_IMAGES_LAYER ??= installedLayer();
  const { resources } = await gather({
    program: join(ROOT, "index.ts"),
    project: "snail-images",
    stack,
    place,
    config: { ...readStackConfig(ROOT, stack), ...config },
    positions,
  });
  return resources;
}

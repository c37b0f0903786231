import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalRun } from "../../embedded-aws";
import type { Endpoints } from "../support/localService";

/**
 * Writes `endpoints.json` into the data folder: addresses and keys for the commands that talk to the running service.
 * @param console its address, where it is served
 */
export function writeEndpoints(
  dir: string,
  { place, cloud, resources, outputs }: LocalRun,
  console: string | undefined,
): Endpoints {
  const { accessKeyId, secretAccessKey } = cloud.iam.owner;
  const declared = resources
    .filter(({ id }) => id !== "")
    .map(({ name, type, id, state }) => [
      name,
      { type, id, ...(typeof state.arn === "string" ? { arn: state.arn } : {}) },
    ]);
  const endpoints: Endpoints = {
    api: String(outputs.apiUrl),
    aws: place.awsUrl,
    ...(console !== undefined && { console }),
    region: place.region,
    accountId: place.accountId,
    accessKeyId,
    secretAccessKey,
    resources: Object.fromEntries(declared) as Endpoints["resources"],
    outputs,
  };
  writeFileSync(join(dir, "endpoints.json"), JSON.stringify(endpoints, undefined, 2), { mode: 0o600 });
  return endpoints;
}

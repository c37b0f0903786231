import { writeFileSync } from "node:fs";

import type { Endpoints } from "../support/localService";

/**
 * Writes variables for `source`, with which AWS's SDKs and CLI talk to a local run in place of AWS.
 * @returns nothing; the file is readable by its owner alone, since it holds keys
 */
export function writeEnvironment(file: string, endpoints: Omit<Endpoints, "resources" | "outputs">): void {
  const { aws, api, region, accessKeyId, secretAccessKey } = endpoints;
  const variables = {
    AWS_ENDPOINT_URL: aws,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    API: api,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
  // A profile or a session of the shell's own account would win over the keys, or fail with them.
  writeFileSync(file, ["unset AWS_PROFILE AWS_SESSION_TOKEN", ...lines, ""].join("\n"), { mode: 0o600 });
}

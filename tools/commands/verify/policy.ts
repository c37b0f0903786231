import type { Check, Right } from "./check";
import { NAME_PREFIX } from "./imageApiClient";
import type { Target } from "../support/target";

interface Statement {
  Effect: "Allow";
  Action: string[];
  Resource: string[];
  Condition?: Right["condition"];
}

/** The policy of a caller who may run these checks on this stack, and do nothing else. */
export function policyOf(target: Target, checks: readonly Check[]): { Version: string; Statement: Statement[] } {
  const rights = new Map<string, Right>();
  for (const right of checks.flatMap((check) => check.rights(target))) rights.set(JSON.stringify(right), right);
  return {
    Version: "2012-10-17",
    Statement: [...rights.values()].map(({ actions, on, condition }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: on,
      ...(condition && { Condition: condition }),
    })),
  };
}

/** The right to call the API for images whose names begin as all names of a verification do; none is needed but for IAM. */
export function callsOfApi({ apiAuth, apiId, apiUrl, partition, region, accountId }: Target): Right[] {
  if (apiAuth !== "iam") return [];
  const stage = apiUrl.split("/").at(-1) ?? "";
  const named = ["GET", "PUT", "DELETE"].map((method) => `${method}/raw/${NAME_PREFIX}*`);
  const on = [...named, "POST/uploads"].map(
    (path) => `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${path}`,
  );
  return [{ actions: ["execute-api:Invoke"], on }];
}

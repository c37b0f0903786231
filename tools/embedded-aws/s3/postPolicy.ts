import { AwsError } from "../http/awsError";
import { accessDenied } from "./errors";

/** The policy of a browser-based upload, "POST policy" (sigv4-HTTPPOSTConstructPolicy.html). */
export interface PostPolicy {
  expiration: string;
  conditions: (Record<string, string> | [string, string, string] | ["content-length-range", number, number])[];
}

/** "The policy covers … each form field … except x-amz-signature, file, policy, and field names that have an x-ignore- prefix". */
const uncovered = /^(x-amz-signature|file|file-content-type|policy|x-ignore-.*)$/;

/** A condition as AWS shows it. */
const shown = (condition: readonly unknown[]): string =>
  `Policy Condition failed: [${condition.map((part) => JSON.stringify(part)).join(", ")}]`;

const wholeNumber = (value: unknown): number => (/^\d+$/.test(String(value)) ? Number(value) : NaN);

const violated = (what: string): AwsError => accessDenied(`Invalid according to Policy: ${what}`);

export function parsePostPolicy(text: string): PostPolicy {
  const invalid = (): AwsError => new AwsError(400, "InvalidPolicyDocument", "Invalid Policy: Invalid JSON.");
  let policy: PostPolicy;
  try {
    policy = JSON.parse(Buffer.from(text, "base64").toString("utf8")) as PostPolicy;
  } catch {
    throw invalid();
  }
  if (Number.isNaN(Date.parse(policy.expiration)) || !Array.isArray(policy.conditions)) throw invalid();
  return policy;
}

/**
 * Checks a form against its policy and returns the sizes that the file may have. Throws AccessDenied when the policy has
 * expired, a condition does not hold, or a field has no condition.
 */
export function checkPostPolicy(
  policy: PostPolicy,
  fields: Record<string, string>,
  now: number,
): { least: number; most: number } {
  if (Date.parse(policy.expiration) < now) throw violated("Policy expired.");
  const covered = new Set<string>(["bucket"]);
  let sizes = { least: 0, most: Infinity };
  for (const condition of policy.conditions) {
    if (!Array.isArray(condition)) {
      const properties = Object.entries(condition);
      if (properties.length !== 1) {
        throw new AwsError(
          400,
          "InvalidPolicyDocument",
          "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        );
      }
      for (const [name, value] of properties) {
        covered.add(name.toLowerCase());
        if (fields[name.toLowerCase()] !== value) throw violated(shown(["eq", `$${name}`, value]));
      }
      continue;
    }
    const [operator] = condition;
    if (operator === "content-length-range") {
      sizes = { least: wholeNumber(condition[1]), most: wholeNumber(condition[2]) };
      if (Number.isNaN(sizes.least) || Number.isNaN(sizes.most)) throw violated(shown(condition));
      continue;
    }
    const [, variable, expected] = condition as [string, string, string];
    if (!variable.startsWith("$")) throw violated(shown(condition));
    const name = variable.replace(/^\$/, "").toLowerCase();
    covered.add(name);
    const value = fields[name] ?? "";
    const holds = operator === "eq" ? value === expected : operator === "starts-with" && value.startsWith(expected);
    if (!holds) throw violated(shown(condition));
  }
  const extra = Object.keys(fields).find((name) => !covered.has(name) && !uncovered.test(name));
  if (extra !== undefined) throw violated(`Extra input fields: ${extra}`);
  return sizes;
}

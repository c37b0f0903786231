import { FUNCTION } from "../../model/awsTypes";
import { part, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { oneByOne } from "../oneByOne";
import { rule } from "../rule";

const variables = (lambda: Resource): Resource => part(lambda, "environment.variables");

const secretName = /(password|passwd|secret|token|((api|private|secret|access)_?key(_?id)?)|credentials?)$/i;
/** Text that only says where a secret is, and variables that count or time something by such a name. */
const reference = /^(arn:|https?:\/\/|\/|\{\{resolve:)|^\d{1,6}$|^(true|false)$/;
const secretValues = [
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, // AWS access key
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./, // JSON web token
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/, // GitHub
  /\bxox[abprs]-[\w-]{10,}/, // Slack
  /\bsk_live_[A-Za-z0-9]{16,}/, // Stripe
  /\b\w+:\/\/[^\s:/@]+:[^\s/@]+@/, // a URL with a password
  /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[A-Za-z0-9/+]{40}$/, // AWS secret key; a hash has no capitals
];

export const noSecrets = rule({
  name: "lambda-no-secrets",
  group: "Lambda",
  ids: ["CKV_AWS_45"],
  level: "mandatory",
  title: "No environment variable holds a secret",
  reason: "Variables are shown in the console, in previews and in the state.",
  remedy: "Keep it in Secrets Manager or Parameter Store, pass its ARN, and read it when the function runs.",
  types: [FUNCTION],
  reads: "resource",
  *check(lambda) {
    const environment = variables(lambda);
    yield* oneByOne(Object.keys(environment.inputs), function* (name) {
      const value = readText(environment, name) ?? "";
      const isNamed = secretName.test(name) && value !== "" && !reference.test(value);
      if (isNamed || secretValues.some((pattern) => pattern.test(value)))
        yield { property: `environment.variables.${name}`, value: "what looks like a secret", allowed: "no secret" };
    });
  },
});

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LIMIT_BYTES = 4096;

export const environmentSize = rule({
  name: "lambda-environment-size",
  group: "Lambda",
  ids: [],
  level: "mandatory",
  title: "Environment variables fit into Lambda's 4 KB",
  reason: "Lambda refuses the function, in the middle of a deployment.",
  remedy: "Shorten the values, or keep them in a parameter that the function reads.",
  types: [FUNCTION],
  reads: "resource",
  *check(lambda) {
    const environment = variables(lambda);
    const entries = Object.keys(environment.inputs).map((name) => [name, readText(environment, name) ?? ""]);
    // Lambda measures the variables as JSON: quotes inside a value count with their backslash.
    const bytes = entries.length === 0 ? 0 : Buffer.byteLength(JSON.stringify(Object.fromEntries(entries)));
    if (bytes > LIMIT_BYTES)
      yield { property: "environment.variables", value: `${bytes} bytes of JSON`, allowed: `${LIMIT_BYTES} bytes` };
  },
});

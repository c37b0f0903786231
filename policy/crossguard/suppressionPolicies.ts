import type { Policies, PolicyConfigSchema } from "@pulumi/policy";
import type { Finding } from "../evaluate";
import { SUPPRESSIONS, Suppressions, type Suppression } from "../suppression";

const text = { type: "string" } as const;

const schema: PolicyConfigSchema = {
  properties: {
    entries: {
      type: "array",
      description: "Findings that stay, each for a reason and until a day",
      items: {
        type: "object",
        properties: { rule: text, urn: text, reason: text, expires: text },
        required: ["rule", "urn"],
      },
    },
  },
};

/**
 * Suppressions come with the configuration of the policy `suppressions`. The engine asks the policies in their order and
 * gives each its own configuration only: this one is the first, so that all others know the suppressions.
 */
export class SuppressionPolicies {
  private suppressions = new Suppressions([]);
  private isRead = false;

  /** Reads the suppressions, and objects to unsound ones. */
  readonly first: Policies[number] = {
    name: SUPPRESSIONS,
    description: "Every suppression has a reason, and a day in the future until which it holds",
    enforcementLevel: "mandatory",
    configSchema: schema,
    validateResource: (args, reportViolation) => {
      if (this.isRead) return;
      this.isRead = true;
      this.suppressions = new Suppressions(args.getConfig<{ entries?: Suppression[] }>().entries ?? []);
      for (const { message } of this.suppressions.unsound(args.urn)) reportViolation(message);
    },
  };

  /** Objects to suppressions that took nothing away. */
  readonly last: Policies[number] = {
    name: `${SUPPRESSIONS}-used`,
    description: "Every suppression takes a finding away",
    enforcementLevel: "mandatory",
    validateStack: ({ resources: [any] }, reportViolation) => {
      if (any) for (const { message } of this.suppressions.unused(any.urn)) reportViolation(message, any.urn);
    },
  };

  isReported(finding: Finding): boolean {
    return this.suppressions.isReported(finding);
  }
}

import * as pulumi from "@pulumi/pulumi";

/** The names of the roles that this program makes, for any stack. */
export const deployRoleNames = "^snail-images-.+-(preview|deploy)-[0-9a-f]{7}$";

/**
 * Refuses an account that has roles for another stack. The service's names of roles, functions, queues and tables do not
 * hold the stack's: the roles of one stack, and its functions' boundary, would reach the other one.
 * @param roles names in the account that fit `deployRoleNames`
 */
export function refuseOtherStacks(stack: string, roles: readonly string[]): void {
  const others = roles
    .map((role) => /^snail-images-(.+)-(?:preview|deploy)-[0-9a-f]{7}$/.exec(role)?.[1])
    .filter((other) => other !== undefined && other !== stack);
  if (others.length === 0) return;
  throw new pulumi.RunError(
    `the account has roles for stack ${[...new Set(others)].join(", ")}; the roles of ${stack} would reach its resources too. Use an account of its own for each stack`,
  );
}

import type { GatheredResource, Grant } from "../../embedded-aws";
import { array, object, optional, parse, string } from "valibot";

/** A grant that no call of the local run needs, with its reason: `unproven` of a grant in `components/`. */
export interface Exception extends Pick<Grant, "holder" | "policy" | "actionPattern"> {
  reason: string;
}

const inputs = object({
  unprovenGrants: optional(array(object({ policy: string(), actions: array(string()), reason: string() })), []),
});

/**
 * The exceptions that functions declare for their roles.
 * @example
 * const { resources } = await gather(options);
 * for (const { policy, actionPattern, reason } of exceptionsIn(resources)) console.log(policy, actionPattern, reason);
 */
export function exceptionsIn(resources: readonly GatheredResource[]): Exception[] {
  return resources
    .filter(({ type }) => type === "snail:index:ImageFunction")
    .flatMap(({ urn, given }) => {
      const role = resources.find(({ type, parent }) => type === "aws:iam/role:Role" && parent === urn);
      const holder = String(role?.state.arn);
      return parse(inputs, given).unprovenGrants.flatMap(({ policy, actions, reason }) =>
        actions.map((actionPattern) => ({ holder, policy, actionPattern, reason })),
      );
    });
}

const isAbout = (exception: Exception, grant: Grant): boolean =>
  exception.holder === grant.holder &&
  exception.policy === grant.policy &&
  exception.actionPattern === grant.actionPattern;

/** Parts unused grants into those that have a reason and the others; exceptions for grants that were used are stale. */
export function withExceptions(
  unused: readonly Grant[],
  exceptions: readonly Exception[],
): { unused: Grant[]; excepted: (Grant & { reason: string })[]; stale: Exception[] } {
  const reasonOf = (grant: Grant): string | undefined => exceptions.find((each) => isAbout(each, grant))?.reason;
  return {
    unused: unused.filter((grant) => reasonOf(grant) === undefined),
    excepted: unused.flatMap((grant) => {
      const reason = reasonOf(grant);
      return reason === undefined ? [] : [{ ...grant, reason }];
    }),
    stale: exceptions.filter((exception) => !unused.some((grant) => isAbout(exception, grant))),
  };
}

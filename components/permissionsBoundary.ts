import type * as pulumi from "@pulumi/pulumi";

/**
 * Puts every role of the components that get it inside a permissions boundary. An account whose deployments may only
 * make roles inside one (`github-roles/`) asks for that.
 * @param boundary ARN of the policy; without one nothing is changed
 */
export function rolesWithin(boundary: string | undefined): pulumi.ResourceTransformation[] {
  if (boundary === undefined) return [];
  return [
    ({ type, props, opts }) =>
      type === "aws:iam/role:Role"
        ? { props: { ...(props as Record<string, unknown>), permissionsBoundary: boundary }, opts }
        : undefined,
  ];
}

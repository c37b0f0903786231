import { AwsError } from "../http/awsError";
import type { Principal } from "./principal";

/** The session name of a role's credentials, the last part of an assumed role's ARN. */
export const sessionName = "local";

/** The ARN of a caller in AWS's answers: a role appears as the session that assumed it. */
export function callerArn(principal: Principal): string {
  if (principal.kind !== "role") return principal.arn;
  const role = principal.arn.split("/").at(-1) ?? "";
  return `arn:aws:sts::${principal.accountId}:assumed-role/${role}/${sessionName}`;
}

/**
 * AccessDenied as AWS words it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * @param policyType `identity-based policy`, `resource-based policy` or `role trust policy`
 */
export function accessDenied(
  call: { principal: Principal; action: string; resource: string },
  explicit: boolean,
  policyType: "identity-based policy" | "resource-based policy" | "role trust policy",
): AwsError {
  // Anonymous callers get no reason.
  if (call.principal.kind === "anonymous") return new AwsError(403, "AccessDenied", "Access Denied");
  // Only S3 puts the resource in quotes.
  const resource = call.action.startsWith("s3:") ? `"${call.resource}"` : call.resource;
  const on = call.resource === "*" ? "" : ` on resource: ${resource}`;
  const article = policyType.startsWith("identity") ? "an" : "a";
  const why = explicit
    ? policyType === "role trust policy"
      ? "with an explicit deny in the role trust policy"
      : `with an explicit deny in ${article} ${policyType}`
    : `because no ${policyType} allows the ${call.action} action`;
  const message = `User: ${callerArn(call.principal)} is not authorized to perform: ${call.action}${on} ${why}`;
  return new AwsError(403, "AccessDenied", message);
}

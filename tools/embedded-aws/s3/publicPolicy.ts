import { listOf, type PolicyDocument, type PolicyStatement } from "../iam/policyDocument";
import { parseXml } from "./xml";

/** Condition keys that limit a statement to known callers when their value is fixed ("The meaning of public", access-control-block-public-access.html). */
const fixingKeys =
  /^aws:(SourceArn|SourceAccount|SourceVpc|SourceVpce|SourceIp|PrincipalArn|PrincipalAccount|PrincipalOrgID|SourceOwner|userid)$/i;

function grantsEveryone(statement: PolicyStatement): boolean {
  if (statement.Effect !== "Allow") return false;
  const { Principal: principal } = statement;
  const everyone =
    principal === "*" || (typeof principal === "object" && listOf(principal.AWS).some((name) => name === "*"));
  const limited = Object.entries(statement.Condition ?? {}).some(
    ([operator, tests]) =>
      !operator.includes("Not") &&
      Object.entries(tests).some(
        ([key, value]) => fixingKeys.test(key) && listOf(value as string | string[]).every((one) => !/[*?]/.test(one)),
      ),
  );
  return everyone && !limited;
}

export const isPublic = (policy: PolicyDocument): boolean => listOf(policy.Statement).some(grantsEveryone);

/**
 * Whether a bucket's block of public access has this part on. A new bucket, which has no document of its own yet, has all
 * of them on; a deleted one is an empty text.
 */
export const isBlocked = (document: string | undefined, part: "BlockPublicPolicy" | "RestrictPublicBuckets"): boolean =>
  document === undefined ||
  (document !== "" && parseXml(document, "PublicAccessBlockConfiguration").text(part) === "true");

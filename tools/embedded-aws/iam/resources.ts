import { AwsError } from "../http/awsError";
import type { Declared, Inputs, ResourceType } from "../resourceType";
import type { Place } from "../place";
import type { LocalIam } from "./iam";
import { uniqueId } from "./uniqueId";

interface Services {
  iam: LocalIam;
}

/** No clock is read, so that the same program always has the same state. */
const createDate = "2020-01-01T00:00:00Z";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function roleOutputs({ inputs, place }: { inputs: Inputs; place: Place }): { id: string } & Inputs {
  const name = text(inputs.name);
  const arn = `arn:${place.partition}:iam::${place.accountId}:role${text(inputs.path ?? "/")}${name}`;
  return { id: name, name, arn, createDate, uniqueId: uniqueId("AROA", arn) };
}

function applyRole({ iam }: Services, { name, inputs, state }: Declared): void {
  iam.putRole({ arn: text(state.arn), trustPolicy: inputs.assumeRolePolicy });
  for (const entry of (inputs.inlinePolicies ?? []) as Inputs[]) {
    if (typeof entry.name !== "string" || entry.policy === undefined) {
      throw new AwsError(400, "InvalidInput", `Role "${name}": each of inlinePolicies needs a name and a policy.`);
    }
    iam.putRolePolicy(text(state.name), entry.name, entry.policy);
  }
}

const role: ResourceType<Services> = {
  properties: [
    "assumeRolePolicy",
    "description",
    "forceDetachPolicies",
    "inlinePolicies",
    "maxSessionDuration",
    "name",
    "namePrefix",
    "path",
    "tags",
  ],
  autoname: { property: "name", maxLength: 64, prefixProperty: "namePrefix" },
  replaceOn: ["name", "namePrefix", "path"],
  defaults: {
    path: "/",
    maxSessionDuration: 3600,
    forceDetachPolicies: false,
    inlinePolicies: [],
    managedPolicyArns: [],
  },
  outputs: roleOutputs,
  apply: applyRole,
};

const rolePolicy: ResourceType<Services> = {
  properties: ["name", "namePrefix", "policy", "role"],
  autoname: { property: "name", maxLength: 128, prefixProperty: "namePrefix" },
  replaceOn: ["name", "namePrefix", "role"],
  outputs: ({ inputs }) => ({ id: `${text(inputs.role)}:${text(inputs.name)}` }),
  apply: ({ iam }, { inputs, state }) => {
    iam.putRolePolicy(text(inputs.role), text(state.name), inputs.policy);
  },
};

/** The provider: its region and tags are applied where resources are completed. */
const provider: ResourceType<Services> = {
  // The embedded AWS never does what the skip options turn off.
  properties: [
    ...["allowedAccountIds", "defaultTags", "region", "version"],
    ...["skipCredentialsValidation", "skipMetadataApiCheck", "skipRegionValidation"],
  ],
  replaceOn: [],
  outputs: ({ name }) => ({ id: `provider-${name}` }),
};

export const iamResourceTypes: Record<string, ResourceType<Services>> = {
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "pulumi:providers:aws": provider,
};

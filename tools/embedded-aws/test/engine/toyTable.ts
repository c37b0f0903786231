import { AwsProvider, type ProviderOptions } from "../../engine/provider";
import type { Schema } from "../../engine/inputTypes";
import type { ResourceType } from "../../resourceType";

/** A table of three types, so that these tests say what the provider does and not what one service's table holds. */
const toyTypes: Record<string, ResourceType> = {
  "aws:s3/bucket:Bucket": {
    properties: ["bucket", "tags"],
    autoname: { property: "bucket", maxLength: 63 },
    replaceOn: ["bucket"],
    holdsData: true,
    outputs: ({ inputs }) => ({ id: String(inputs.bucket), arn: `arn:aws:s3:::${String(inputs.bucket)}` }),
  },
  "aws:sqs/queue:Queue": {
    properties: ["name", "fifoQueue", "policy", "tags", "visibilityTimeoutSeconds"],
    autoname: { property: "name", maxLength: 80 },
    replaceOn: ["name", "fifoQueue"],
    defaults: { visibilityTimeoutSeconds: 30 },
    holdsData: true,
    outputs: ({ inputs, place }) => ({
      id: `${place.awsUrl}/${place.accountId}/${String(inputs.name)}`,
      arn: `arn:aws:sqs:${place.region}:${place.accountId}:${String(inputs.name)}`,
    }),
  },
  "aws:iam/role:Role": {
    properties: ["name", "assumeRolePolicy", "tags"],
    autoname: { property: "name", maxLength: 64 },
    replaceOn: ["name"],
    outputs: ({ name, inputs }) => ({ id: String(inputs.name), uniqueId: `AROA-${name}`, path: "/" }),
  },
};

export const toySchema: Schema = {
  source: "@pulumi/aws 0.0.0",
  resources: {
    "pulumi:providers:aws": { "region?": "string", "defaultTags?": "@ProviderDefaultTags", "maxRetries?": "number" },
    "aws:s3/bucket:Bucket": {
      "bucket?": "string",
      "forceDestroy?": "boolean",
      "region?": "string",
      "tags?": "{string}",
    },
    "aws:sqs/queue:Queue": {
      "name?": "string",
      "fifoQueue?": "boolean",
      "policy?": "string",
      "region?": "string",
      "tags?": "{string}",
      "visibilityTimeoutSeconds?": "number",
    },
    "aws:iam/role:Role": {
      assumeRolePolicy: "string|@PolicyDocument",
      "name?": "string",
      "inlinePolicies?": "[@RoleInlinePolicy]",
      "code?": "archive",
      "tags?": "{string}",
    },
  },
  objects: {
    PolicyDocument: { Version: "string", "Statement?": "[any]" },
    ProviderDefaultTags: { "tags?": "{string}" },
    RoleInlinePolicy: { "name?": "string", "policy?": "string" },
  },
};

export const bucket = subject("aws:s3/bucket:Bucket", "images");
export const queue = subject("aws:sqs/queue:Queue", "work");
export const role = subject("aws:iam/role:Role", "worker");

export function subject(type: string, name: string): { urn: string; type: string; name: string } {
  return { urn: `urn:pulumi:dev::toy::${type}::${name}`, type, name };
}

export function toyProvider(overrides: Partial<ProviderOptions> = {}): AwsProvider {
  return new AwsProvider({
    types: toyTypes,
    schema: toySchema,
    invoke: (token) => {
      throw new Error(`the data source ${token} is not supported`);
    },
    nameFor: (type, { name }, inputs) => {
      const forcing = type.replaceOn.map((property) => JSON.stringify(inputs[property] ?? null)).join("");
      return `${name}-${forcing.length.toString(16).padStart(7, "0")}`;
    },
    placeIn: (region) => ({
      accountId: "000000000000",
      region,
      partition: "aws",
      awsUrl: "https://sqs",
      apiUrl: "https://api",
    }),
    ...overrides,
  });
}

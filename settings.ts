import { existsSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

import { imageTypesJson, specsOf, spellings, type RenditionSpec, type UploadLimits } from "./handlers/imageTypes";
import { rawTexts, settingsSchema } from "./settingsSchema";

/** A stack's configuration, checked, with every default filled in. */
export interface Settings {
  region: string;
  /** Protects buckets, table and queues: a deployment deletes none of them. */
  keepData: boolean;
  /** Bounds within which an upload is accepted. */
  uploadLimits: UploadLimits;
  /** The renditions that are made of each new upload. */
  imageTypes: RenditionSpec[];
  api: {
    auth: "iam" | "cognito" | "none";
    /** Given exactly when `auth` is `cognito`. */
    cognitoUserPoolArn?: string;
    /** Requests per second and at the same moment, for each method. */
    throttle: { rate: number; burst: number };
  };
  /** Renditions are served through CloudFront, under a domain of the service's own where one is given. Absent: presigned URLs. */
  delivery?: { domain?: { name: string; certificateArn: string } };
  /** Origins whose pages may use the API and the buckets; `["*"]` for all. */
  allowedOrigins: string[];
  /** How long logs are kept. */
  logRetentionDays: number;
  /** X-Ray keeps traces of some requests and invocations. */
  tracing: boolean;
  /** 99 of 100 images are to be READY within this time after their upload. */
  latencyObjectiveSeconds: number;
  /** Alarms are mailed to it. Default: only CloudWatch shows them. */
  alarmEmail?: string;
  /** The functions' processor, and a folder with `nodejs/node_modules` to use as their layer. Default: it is built. */
  layer: { architecture: "arm64" | "x86_64"; folder?: string };
  /** How many batches each function behind a queue works on at the same time. */
  maximumConcurrency: Record<
    "RawImagePutProcess" | "ResolutionBasedImagePutProcess" | "ResolutionBasedImageDeleteProcess",
    number
  >;
  /** `isolated` puts the functions into subnets from which only S3, DynamoDB and SQS can be reached. */
  network: "aws" | "isolated";
  /** ARN of the policy that limits every role of the service, whatever the role's own policies allow. */
  permissionsBoundary?: string;
  /** Put on every resource that has tags. */
  tags: Record<string, string>;
}

/**
 * Reads the configuration of the current stack.
 *
 * @throws one RunError that names every bad key with its value and what is allowed.
 */
export function readSettings(): Settings {
  return checkSettings(pulumi.runtime.allConfig(), {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    layerFolder: process.env.SNAIL_IMAGES_LAYER,
  });
}

/**
 * {@link readSettings} for a given configuration.
 * @param config keys with their namespace, values as Pulumi keeps them
 */
export function checkSettings(
  config: Record<string, string>,
  from: { project: string; stack: string; layerFolder?: string },
): Settings {
  const problems: string[] = [];
  const problem = (what: string, value: unknown, allowed: string) =>
    problems.push(`${what} ${allowed}; ${value === undefined ? "it is not set" : `got ${JSON.stringify(value)}`}`);

  const prefix = `${from.project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const given = Object.fromEntries(
    own.map(([key, value]) => [
      key.slice(prefix.length),
      rawTexts.has(key.slice(prefix.length)) ? value : plain(value),
    ]),
  );
  const parsed = v.safeParse(settingsSchema, given);
  for (const { path = [], message, input, received } of parsed.issues ?? []) {
    const at = path.map((step) => String(step.key)).join(".");
    const last = path.at(-1);
    problem(prefix + at, last?.origin === "key" && received !== "undefined" ? last.key : input, message);
  }

  const { apiAuth, cognitoUserPoolArn, keepData } = given;
  if (apiAuth === "cognito" && cognitoUserPoolArn === undefined) {
    problem(`${prefix}cognitoUserPoolArn`, undefined, "must be the ARN of a Cognito user pool when apiAuth is cognito");
  }
  if (apiAuth !== "cognito" && cognitoUserPoolArn !== undefined) {
    problem(`${prefix}cognitoUserPoolArn`, cognitoUserPoolArn, "is allowed only when apiAuth is cognito");
  }
  if (apiAuth === "none" && keepData !== false) {
    problem(`${prefix}apiAuth`, "none", "must be iam or cognito when keepData is true");
  }
  if (apiAuth === "none" && Array.isArray(given.allowedOrigins) && given.allowedOrigins.includes("*")) {
    problem(`${prefix}allowedOrigins`, given.allowedOrigins, "must name each origin when apiAuth is none");
  }
  const { delivery, deliveryDomain, deliveryCertificateArn, network } = given;
  for (const [key, value, other] of [
    ["deliveryDomain", deliveryDomain, deliveryCertificateArn],
    ["deliveryCertificateArn", deliveryCertificateArn, deliveryDomain],
  ] as const) {
    if (value !== undefined && delivery !== "cloudfront") {
      problem(prefix + key, value, "is allowed only when delivery is cloudfront");
    }
    if (value === undefined && other !== undefined) {
      problem(
        prefix + key,
        undefined,
        "must be set together with the other one of deliveryDomain, deliveryCertificateArn",
      );
    }
  }
  if (delivery === "cloudfront" && network === "isolated") {
    problem(
      `${prefix}delivery`,
      delivery,
      "must be presigned when network is isolated, from which CloudFront's API cannot be reached",
    );
  }
  const region = config["aws:region"];
  if (region === undefined || !/^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region)) {
    problem("aws:region", region, "must be an AWS region such as eu-west-1");
  }
  if (!/^[a-z0-9-]{1,37}$/.test(from.stack)) {
    problem("the stack's name", from.stack, "must have 1 to 37 lower-case letters, digits and dashes");
  }
  if (from.layerFolder !== undefined && !existsSync(join(from.layerFolder, "nodejs", "node_modules"))) {
    problem("SNAIL_IMAGES_LAYER", from.layerFolder, "must be a folder that holds nodejs/node_modules");
  }
  const checked = parsed.success ? parsed.output : undefined;
  const functions = checked && settingsOfFunctions(checked);
  const bytes = functions ? environmentBytes(functions) : 0;
  if (bytes > ENVIRONMENT_BYTES) {
    const allowed = `must fit into ${ENVIRONMENT_BYTES} bytes of the functions' environment: use fewer, shorter names, defaults`;
    problem(`${prefix}imageTypes`, bytes, allowed);
  }
  if (!checked || !functions || region === undefined || problems.length > 0) {
    const count = `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
    // Pulumi shows a RunError without a stack trace.
    throw new pulumi.RunError(
      `${count} in the configuration of stack ${from.stack}:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  }
  return {
    region,
    keepData: checked.keepData,
    ...functions,
    api: {
      auth: checked.apiAuth,
      cognitoUserPoolArn: checked.cognitoUserPoolArn,
      throttle: checked.apiThrottle,
    },
    ...(checked.delivery === "cloudfront" && { delivery: deliveryOf(checked) }),
    allowedOrigins: checked.allowedOrigins,
    logRetentionDays: checked.logRetentionDays,
    tracing: checked.tracing,
    latencyObjectiveSeconds: checked.latencyObjectiveSeconds,
    alarmEmail: checked.alarmEmail,
    layer: { architecture: checked.layerArchitecture, folder: from.layerFolder },
    maximumConcurrency: checked.maximumConcurrency,
    network: checked.network,
    ...(checked.permissionsBoundary !== undefined && { permissionsBoundary: checked.permissionsBoundary }),
    tags: { project: from.project, stack: from.stack, ...checked.tags },
  };
}

/**
 * Lambda takes 4096 bytes of environment variables, counted as JSON
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). So many of them are left for image types and
 * limits; the others are names and URLs of the stack.
 */
const ENVIRONMENT_BYTES = 2_600;

/** The settings that functions read from their environment. */
function settingsOfFunctions(
  checked: v.InferOutput<typeof settingsSchema>,
): Pick<Settings, "uploadLimits" | "imageTypes"> {
  const { acceptedFormats, maxBytes, maxPixels, maxSide, maxProportion, imageTypes } = checked;
  const acceptedExtensions = acceptedFormats.flatMap((format) => spellings[format]);
  return {
    uploadLimits: { acceptedFormats, acceptedExtensions, maxBytes, maxPixels, maxSide, maxProportion },
    imageTypes: Object.entries(imageTypes).flatMap(([imageType, type]) => specsOf(imageType, type)),
  };
}

function deliveryOf({
  deliveryDomain: name,
  deliveryCertificateArn: certificateArn,
}: v.InferOutput<typeof settingsSchema>): Settings["delivery"] {
  return name !== undefined && certificateArn !== undefined ? { domain: { name, certificateArn } } : {};
}

function environmentBytes({ uploadLimits, imageTypes }: ReturnType<typeof settingsOfFunctions>): number {
  return Buffer.byteLength(JSON.stringify([imageTypesJson(imageTypes), JSON.stringify(uploadLimits)]));
}

/** Pulumi passes every value as text: objects, numbers and booleans as JSON. */
function plain(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

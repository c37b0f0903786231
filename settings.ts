import { existsSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

import { extensions, type ImageFormat, type RenditionSpec, type UploadLimits } from "./handlers/imageTypes";

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
  /** How long logs are kept. */
  logRetentionDays: number;
  /** Hears of alarms. Default: CloudWatch shows them, and nobody is told. */
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

const whole = (least: number, most: number) => {
  const allowed = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(least, allowed), v.maxValue(most, allowed));
};
const oneOf = <const T extends string>(...allowed: T[]) => v.picklist(allowed, `must be one of ${allowed.join(", ")}`);
const text = (pattern: RegExp, allowed: string) => v.pipe(v.string(allowed), v.regex(pattern, allowed));
const flag = v.boolean("must be true or false");
const group = <const E extends v.ObjectEntries>(entries: E) =>
  v.strictObject(entries, (issue) =>
    issue.expected === "never"
      ? `is unknown; allowed are ${Object.keys(entries).join(", ")}`
      : issue.received === "undefined"
        ? "is missing"
        : `must be an object with ${Object.keys(entries).join(", ")}`,
  );

/** The retention times that CloudWatch Logs knows. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
/** Name extensions of each accepted format. */
const spellings: Partial<Record<ImageFormat, string[]>> = { jpeg: ["jpg", "jpeg"], tiff: ["tif", "tiff"] };
const square = (pixels: number) => ({ width: pixels, height: pixels });
const concurrency = (standard: number) => v.optional(whole(2, 1000), standard);

const imageType = group({
  width: whole(1, 10_000),
  height: whole(1, 10_000),
  fit: v.optional(oneOf("inside", "cover"), "inside"),
  format: v.optional(oneOf("jpeg", "webp", "avif", "png"), "jpeg"),
  quality: v.optional(whole(1, 100), 80),
  enlarge: v.optional(flag, false),
});
const imageTypeName = text(
  /^(?!raw$)[a-z0-9][a-z0-9-]{0,30}$/,
  "must be named by 1 to 31 lower-case letters, digits and dashes, and not raw",
);
const imageTypesRule = "must have 1 to 20 image types, each with a width and a height in pixels";

/** Every key of the configuration, with its allowed values and its default. */
const keys = {
  keepData: v.optional(flag, true),
  imageTypes: v.optional(
    v.pipe(
      v.record(imageTypeName, imageType, imageTypesRule),
      v.minEntries(1, imageTypesRule),
      v.maxEntries(20, imageTypesRule),
    ),
    // By long edge. 2016 is half of a 12-megapixel photo's 4032 pixels, which libjpeg can decode at half size.
    { large: square(2016), medium: square(1280), small: square(640), preview: square(320), thumbnail: square(160) },
  ),
  acceptedFormats: v.optional(
    v.pipe(
      v.array(oneOf("jpeg", "png", "webp", "avif", "gif", "tiff"), "must be a list of formats"),
      v.minLength(1, "must name at least one format"),
      v.checkItems((format, at, all) => all.indexOf(format) === at, "must name each format once"),
    ),
    ["jpeg", "png", "webp", "avif"],
  ),
  // Uploads come through API Gateway, which takes 10 MB:
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  maxBytes: v.optional(whole(1, 10_485_760), 10_485_760),
  maxPixels: v.optional(whole(1, 268_402_689), 100_000_000),
  apiAuth: v.optional(oneOf("iam", "cognito", "none"), "iam"),
  cognitoUserPoolArn: v.optional(
    text(/^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+$/, "must be the ARN of a Cognito user pool"),
  ),
  apiThrottle: v.optional(group({ rate: whole(1, 10_000), burst: whole(1, 5_000) }), { rate: 50, burst: 100 }),
  logRetentionDays: v.optional(v.picklist(retentions, `must be one of ${retentions.join(", ")}`), 30),
  alarmEmail: v.optional(text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "must be an e-mail address")),
  layerArchitecture: v.optional(oneOf("arm64", "x86_64"), "arm64"),
  maximumConcurrency: v.optional(
    group({
      // A new account runs as few as 10 functions at once, of which 3 are left for the API:
      // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
      RawImagePutProcess: concurrency(2),
      ResolutionBasedImagePutProcess: concurrency(3),
      ResolutionBasedImageDeleteProcess: concurrency(2),
    }),
    {},
  ),
  network: v.optional(oneOf("aws", "isolated"), "aws"),
  permissionsBoundary: v.optional(
    text(/^arn:aws[a-z-]*:iam::\d{12}:policy\/[\w+=,.@/-]+$/, "must be the ARN of an IAM policy"),
  ),
  tags: v.optional(
    v.record(
      v.pipe(
        text(
          /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
          "must have keys of 1 to 128 letters, digits and _.:/=+-@, without aws: in front",
        ),
        text(/^(?!(project|stack)$)/, "must be left to the program, which sets project and stack"),
      ),
      text(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, "must be up to 256 letters, digits, spaces and _.:/=+-@"),
      "must map tag keys to strings",
    ),
    {},
  ),
};
const rawTexts = new Set([
  "apiAuth",
  "cognitoUserPoolArn",
  "alarmEmail",
  "layerArchitecture",
  "network",
  "permissionsBoundary",
]);

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
  const parsed = v.safeParse(group(keys), given);
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
  if (!parsed.success || region === undefined || problems.length > 0) {
    const count = `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
    // Pulumi shows a RunError without a stack trace.
    throw new pulumi.RunError(
      `${count} in the configuration of stack ${from.stack}:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  }

  const checked = parsed.output;
  return {
    region,
    keepData: checked.keepData,
    uploadLimits: {
      acceptedFormats: checked.acceptedFormats,
      acceptedExtensions: checked.acceptedFormats.flatMap((format) => spellings[format] ?? extensions[format]),
      maxBytes: checked.maxBytes,
      maxPixels: checked.maxPixels,
    },
    imageTypes: Object.entries(checked.imageTypes).map(([name, spec]) => ({ imageType: name, ...spec })),
    api: {
      auth: checked.apiAuth,
      cognitoUserPoolArn: checked.cognitoUserPoolArn,
      throttle: checked.apiThrottle,
    },
    logRetentionDays: checked.logRetentionDays,
    alarmEmail: checked.alarmEmail,
    layer: { architecture: checked.layerArchitecture, folder: from.layerFolder },
    maximumConcurrency: checked.maximumConcurrency,
    network: checked.network,
    ...(checked.permissionsBoundary !== undefined && { permissionsBoundary: checked.permissionsBoundary }),
    tags: { project: from.project, stack: from.stack, ...checked.tags },
  };
}

/** Pulumi passes every value as text: objects, numbers and booleans as JSON. */
function plain(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { apiAlarm } from "./alarm";
import type { AllowedOrigins } from "./allowedOrigins";
import type { Alarms } from "./alarms";
import { attach, trust } from "./grants";
import type { ImagePipeline } from "./imagePipeline";
import type { ImageStore } from "./imageStore";
import { openApiDocument, type ApiAuth } from "./openapi";

export interface ImageApiArgs extends AllowedOrigins {
  /** `PUT` writes to its bucket of uploads. */
  store: Pick<ImageStore, "tempImages">;
  /** Tells the pipeline of uploads. The API takes none before this is in effect. */
  notification: ImagePipeline["notification"];
  /** Lambda proxy behind `GET /raw/{object}`. */
  get: aws.lambda.Function;
  /** Lambda proxy behind `GET /raw`. */
  list: aws.lambda.Function;
  /** Lambda proxy behind `DELETE /raw/{object}`. */
  delete: aws.lambda.Function;
  /** Lambda proxy behind `POST /uploads`. */
  upload: aws.lambda.Function;
  /** Who may call: signers of the account (SigV4), users of a Cognito user pool, or everyone. */
  auth: "iam" | "cognito" | "none";
  /** ARN of the user pool. Required when `auth` is `cognito`. */
  cognitoUserPoolArn?: string;
  /**
   * Requests per second, 1 to 10000, and how many may come at the same moment, 1 to 5000. Each method of the API has
   * this limit for itself: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   */
  throttle: { rate: number; burst: number };
  /** How long logs are kept: days, one of the values that CloudWatch Logs takes (1, 3, 5, 7, 14, 30 … 3653). */
  logRetentionDays: number;
  /** Whether X-Ray keeps traces: of the first request in each second, and of 5 % of the others, unless the account has other rules. */
  tracing: boolean;
  /** Receive the alarm of failing requests. */
  alarms: Pick<Alarms, "actions" | "names" | "arns">;
}

/**
 * The REST API: uploads go straight to S3, everything else to a function.
 *
 * @example
 * ```ts
 * const api = new ImageApi("ImageApi", {
 *   store,
 *   notification: images.notification,
 *   get: queries.function,
 *   list: queries.list,
 *   delete: deletions.function,
 *   upload: uploads.function,
 *   auth: "iam",
 *   throttle: { rate: 50, burst: 100 },
 *   logRetentionDays: 30,
 *   tracing: true,
 *   alarms: new Alarms("alarms", { email: "ops@example.com" }),
 * });
 * ```
 */
export class ImageApi extends pulumi.ComponentResource {
  /** Of the REST API. */
  readonly id: pulumi.Output<string>;
  /** Base URL: `https://….execute-api.<region>.amazonaws.com/<stage>`. */
  readonly url: pulumi.Output<string>;
  /** The dimensions of its metrics. */
  readonly apiName: pulumi.Output<string>;
  readonly stageName: pulumi.Output<string>;

  constructor(name: string, args: ImageApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const auth = checkedAuth(name, args);
    super("snail:index:ImageApi", name, {}, opts);
    const child = { parent: this };
    const { versioning } = args.store.tempImages;
    const { allowedOrigins = [] } = args;

    const body = pulumi
      .output({
        title: name,
        region: aws.getRegionOutput({}, child).region,
        partition: aws.getPartitionOutput({}, child).partition,
        tempImagesBucket: args.store.tempImages.bucket,
        uploadRoleArn: uploadRole(name, args.store, child).arn,
        getInvokeArn: args.get.invokeArn,
        listInvokeArn: args.list.invokeArn,
        deleteInvokeArn: args.delete.invokeArn,
        uploadInvokeArn: args.upload.invokeArn,
      })
      .apply((values) => JSON.stringify(openApiDocument({ ...values, auth, allowedOrigins })));
    const api = new aws.apigateway.RestApi(name, { body, endpointConfiguration: { types: "REGIONAL" } }, child);
    const deployment = new aws.apigateway.Deployment(
      `${name}-deployment`,
      // A deployment is a snapshot of the document: each change needs a new one.
      { restApi: api.id, triggers: { body: body.apply((text) => createHash("sha256").update(text).digest("hex")) } },
      child,
    );
    const retention = { retentionInDays: args.logRetentionDays };
    const accessLog = new aws.cloudwatch.LogGroup(`${name}-access-log`, retention, child);
    // API Gateway would make this group itself, and keep it for ever:
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    const executionLog = new aws.cloudwatch.LogGroup(
      `${name}-execution-log`,
      { ...retention, name: pulumi.interpolate`API-Gateway-Execution-Logs_${api.id}/${pulumi.getStack()}` },
      child,
    );
    const stage = new aws.apigateway.Stage(
      `${name}-stage`,
      {
        restApi: api.id,
        deployment: deployment.id,
        stageName: pulumi.getStack(),
        accessLogSettings: { destinationArn: accessLog.arn, format: JSON.stringify(accessLogFormat) },
        xrayTracingEnabled: args.tracing,
      },
      // An upload that is acknowledged before versioning and notification are in effect would never be seen.
      { ...child, dependsOn: [executionLog, args.notification, ...(versioning ? [versioning] : [])] },
    );
    new aws.apigateway.MethodSettings(
      `${name}-settings`,
      {
        restApi: api.id,
        stageName: stage.stageName,
        methodPath: "*/*",
        settings: {
          loggingLevel: "ERROR",
          dataTraceEnabled: false,
          // Metrics of the whole stage, which the alarm reads, are free; those of each method are not.
          metricsEnabled: false,
          throttlingRateLimit: args.throttle.rate,
          throttlingBurstLimit: args.throttle.burst,
        },
      },
      child,
    );
    const invokedBy = {
      GET: [args.get, "GET/raw/*"],
      "GET-raw": [args.list, "GET/raw"],
      "GET-images": [args.get, "GET/images/*"],
      HEAD: [args.get, "HEAD/raw/*"],
      DELETE: [args.delete, "DELETE/raw/*"],
      POST: [args.upload, "POST/uploads"],
      ...(allowedOrigins.length > 0 && {
        "OPTIONS-images": [args.get, "OPTIONS/images/*"],
        "OPTIONS-raw": [args.get, "OPTIONS/raw/*"],
        "OPTIONS-list": [args.list, "OPTIONS/raw"],
        "OPTIONS-uploads": [args.upload, "OPTIONS/uploads"],
      }),
    } satisfies Record<string, [aws.lambda.Function, string]>;
    for (const [part, [target, path]] of Object.entries(invokedBy)) {
      new aws.lambda.Permission(
        `${name}-${part}`,
        {
          action: "lambda:InvokeFunction",
          function: target.name,
          principal: "apigateway.amazonaws.com",
          sourceArn: pulumi.interpolate`${api.executionArn}/${stage.stageName}/${path}`,
        },
        child,
      );
    }

    apiAlarm(name, { api, stage }, args.alarms, child);

    this.id = api.id;
    this.url = stage.invokeUrl;
    this.apiName = api.name;
    this.stageName = stage.stageName;
    this.registerOutputs({ id: this.id, url: this.url });
  }
}

/** The role with which API Gateway writes uploads. It has no other right. */
function uploadRole(name: string, { tempImages }: ImageApiArgs["store"], child: pulumi.CustomResourceOptions) {
  const role = new aws.iam.Role(`${name}-upload`, { assumeRolePolicy: trust("apigateway.amazonaws.com") }, child);
  const grants = {
    SnailTempImagesBucketPutPolicy: [
      { actions: ["s3:PutObject"] satisfies [string], on: pulumi.interpolate`${tempImages.arn}/images/*` },
    ],
  };
  attach(role, `${name}-upload`, grants, child);
  return role;
}

function checkedAuth(name: string, { auth, cognitoUserPoolArn }: ImageApiArgs): ApiAuth {
  if (auth !== "cognito") return { type: auth };
  if (cognitoUserPoolArn === undefined) {
    throw new Error(
      `ImageApi "${name}": cognitoUserPoolArn must be a user pool's ARN when auth is cognito; it is not set`,
    );
  }
  return { type: "cognito", userPoolArn: cognitoUserPoolArn };
}

const accessLogFormat = {
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  httpMethod: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  protocol: "$context.protocol",
  requestLength: "$context.requestLength",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationStatus: "$context.integration.status",
  errorMessage: "$context.error.message",
  sourceIp: "$context.identity.sourceIp",
  caller: "$context.identity.caller",
  userArn: "$context.identity.userArn",
};

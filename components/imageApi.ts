import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ApiGatewayAccount } from "./apiGatewayAccount";
import { attach, trust } from "./grants";
import type { ImageStore } from "./imageStore";
import { openApiDocument, type ApiAuth } from "./openapi";

export interface ImageApiArgs {
  store: Pick<ImageStore, "tempImages">;
  /** Lambda proxies behind `GET` and `DELETE /raw/{object}`. */
  get: aws.lambda.Function;
  delete: aws.lambda.Function;
  auth: "iam" | "cognito" | "none";
  /** Needed when `auth` is `cognito`. */
  cognitoUserPoolArn?: string;
  /** Requests per second of the whole stage, and how many may come at once. */
  throttle: { rate: number; burst: number };
  logRetentionDays: number;
  /** Whether this stack sets the role with which API Gateway logs, one per account and region. */
  manageAccount: boolean;
}

/** The REST API: uploads go straight to S3, everything else to a function. */
export class ImageApi extends pulumi.ComponentResource {
  /** Base URL: `https://….execute-api.<region>.amazonaws.com/<stage>`. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ImageApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const auth = checkedAuth(name, args);
    super("snail:index:ImageApi", name, {}, opts);
    const child = { parent: this };

    const body = pulumi
      .output({
        title: name,
        region: aws.getRegionOutput({}, child).region,
        partition: aws.getPartitionOutput({}, child).partition,
        tempImagesBucket: args.store.tempImages.bucket,
        uploadRoleArn: uploadRole(name, args.store, child).arn,
        getInvokeArn: args.get.invokeArn,
        deleteInvokeArn: args.delete.invokeArn,
      })
      .apply((values) => JSON.stringify(openApiDocument({ ...values, auth })));
    const api = new aws.apigateway.RestApi(name, { body, endpointConfiguration: { types: "REGIONAL" } }, child);
    const deployment = new aws.apigateway.Deployment(
      `${name}-deployment`,
      // A deployment is a snapshot: each change of the document needs a new one.
      { restApi: api.id, triggers: { body: body.apply((text) => createHash("sha256").update(text).digest("hex")) } },
      child,
    );
    const log = new aws.cloudwatch.LogGroup(`${name}-access-log`, { retentionInDays: args.logRetentionDays }, child);
    const account = args.manageAccount ? [new ApiGatewayAccount(`${name}-account`, child)] : [];
    const stage = new aws.apigateway.Stage(
      `${name}-stage`,
      {
        restApi: api.id,
        deployment: deployment.id,
        stageName: pulumi.getStack(),
        accessLogSettings: { destinationArn: log.arn, format: JSON.stringify(accessLogFormat) },
        xrayTracingEnabled: true,
      },
      // API Gateway refuses logs while the account has no role for them.
      { ...child, dependsOn: account },
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
          metricsEnabled: true,
          throttlingRateLimit: args.throttle.rate,
          throttlingBurstLimit: args.throttle.burst,
        },
      },
      child,
    );
    for (const [method, target] of [
      ["GET", args.get],
      ["DELETE", args.delete],
    ] as const) {
      new aws.lambda.Permission(
        `${name}-${method}`,
        {
          action: "lambda:InvokeFunction",
          function: target.name,
          principal: "apigateway.amazonaws.com",
          sourceArn: pulumi.interpolate`${api.executionArn}/${stage.stageName}/${method}/raw/*`,
        },
        child,
      );
    }

    this.url = stage.invokeUrl;
    this.registerOutputs({ url: this.url });
  }
}

/** The role with which API Gateway writes uploads, and can do nothing else. */
function uploadRole(name: string, { tempImages }: ImageApiArgs["store"], child: pulumi.CustomResourceOptions) {
  const { accountId } = aws.getCallerIdentityOutput({}, child);
  const role = new aws.iam.Role(
    `${name}-upload`,
    { assumeRolePolicy: trust("apigateway.amazonaws.com", accountId) },
    child,
  );
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

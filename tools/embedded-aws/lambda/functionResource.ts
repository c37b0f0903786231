import { notImplemented } from "../http/awsError";
import type { ResourceType } from "../resourceType";
import type { LambdaAdmin } from "./lambda";
import { codeDigest, createdDate, invokeArn, lambdaArn, responseStreamingInvokeArn } from "./arns";

export const lambdaFunction: ResourceType<{ lambda: LambdaAdmin }> = {
  properties: [
    "architectures",
    "code",
    "codeSha256",
    "deadLetterConfig",
    "description",
    "environment",
    "ephemeralStorage",
    "handler",
    "kmsKeyArn",
    "layers",
    "loggingConfig",
    "memorySize",
    "name",
    "packageType",
    "publish",
    "replaceSecurityGroupsOnDestroy",
    "replacementSecurityGroupIds",
    "reservedConcurrentExecutions",
    "role",
    "runtime",
    "skipDestroy",
    "sourceCodeHash",
    "tags",
    "timeout",
    "tracingConfig",
    "vpcConfig",
  ],
  autoname: { property: "name", maxLength: 64 },
  replaceOn: ["name", "packageType"],
  defaults: {
    architectures: ["x86_64"],
    ephemeralStorage: { size: 512 },
    memorySize: 128,
    packageType: "Zip",
    publish: false,
    reservedConcurrentExecutions: -1,
    skipDestroy: false,
    timeout: 3,
    tracingConfig: { mode: "PassThrough" },
  },
  outputs: ({ inputs, place }) => {
    const name = inputs.name as string;
    const arn = lambdaArn(place, `function:${name}`);
    const version = inputs.publish === true ? "1" : "$LATEST";
    return {
      codeSha256: inputs.codeSha256 ?? codeDigest(arn),
      loggingConfig: inputs.loggingConfig ?? { logFormat: "Text", logGroup: `/aws/lambda/${name}` },
      id: name,
      arn,
      invokeArn: invokeArn(place, arn),
      lastModified: createdDate,
      qualifiedArn: `${arn}:${version}`,
      qualifiedInvokeArn: invokeArn(place, `${arn}:${version}`),
      responseStreamingInvokeArn: responseStreamingInvokeArn(place, arn),
      signingJobArn: "",
      signingProfileVersionArn: "",
      sourceCodeSize: 0,
      version,
    };
  },
  apply: ({ lambda }, { inputs }) => {
    if (inputs.packageType === "Image") throw notImplemented(`container images (function ${String(inputs.name)})`);
    const logging = (inputs.loggingConfig ?? {}) as Record<string, string | undefined>;
    return lambda.declareFunction({
      name: inputs.name as string,
      code: inputs.code,
      handler: inputs.handler as string,
      runtime: inputs.runtime as string,
      role: inputs.role as string,
      timeoutSeconds: inputs.timeout as number | undefined,
      memoryMb: inputs.memorySize as number | undefined,
      environment: (inputs.environment as { variables?: Record<string, string> } | undefined)?.variables,
      layers: inputs.layers as string[] | undefined,
      tracing: (inputs.tracingConfig as { mode?: string } | undefined)?.mode === "Active",
      logGroup: logging.logGroup,
      logFormat: logging.logFormat === "JSON" ? "JSON" : "Text",
      applicationLogLevel: logging.applicationLogLevel,
      reservedConcurrency: inputs.reservedConcurrentExecutions as number | undefined,
      description: inputs.description as string | undefined,
    });
  },
};

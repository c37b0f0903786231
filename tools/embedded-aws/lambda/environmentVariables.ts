import { delimiter, dirname, join } from "node:path";
import type { Credentials } from "../iam/credentials";
import type { Place } from "../place";
import type { FunctionConfig } from "./functionConfig";

/**
 * All that an execution environment finds in `process.env`: what Lambda sets, the credentials of the role, where the
 * embedded AWS is, and the function's own variables. Nothing of this process's own environment.
 */
export function environmentVariables(
  config: FunctionConfig,
  {
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    place,
    nodePath,
    logStream,
  }: { credentials: Credentials; place: Place; nodePath: string; logStream: string },
): Record<string, string> {
  const runtimeName = config.runtime.replace(/\.x$/, "");
  return {
    ...config.environment,
    PATH: [dirname(nodePath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    _HANDLER: config.handler,
    LAMBDA_TASK_ROOT: config.codeFolder,
    NODE_PATH: modulePath(config.layerFolders, runtimeName),
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: config.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: config.logFormat,
    ...(config.applicationLogLevel === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: config.applicationLogLevel }),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    AWS_ENDPOINT_URL: place.awsUrl,
    AWS_ENDPOINT_URL_S3: place.awsUrl,
    AWS_ENDPOINT_URL_SQS: place.awsUrl,
    AWS_ENDPOINT_URL_DYNAMODB: place.awsUrl,
    // The embedded AWS has no X-Ray daemon: tracing SDKs get a closed port.
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
  };
}

/** The folders in which `require` finds the layers' packages: on Lambda `/opt/nodejs/node24/node_modules` and `/opt/nodejs/node_modules`. */
function modulePath(layerFolders: string[], runtimeName: string): string {
  const versioned = runtimeName.replace("nodejs", "node");
  const folders = [...layerFolders].reverse(); // Of two layers with the same file, the later one wins.
  return folders
    .flatMap((folder) => [join(folder, "nodejs", versioned, "node_modules"), join(folder, "nodejs", "node_modules")])
    .join(delimiter);
}

import type { Principal } from "../iam/principal";

/** A function as it was declared, ready to run. */
export interface FunctionConfig {
  name: string;
  arn: string;
  /** `<file>.<export>` */
  handler: string;
  runtime: string;
  /** Folder with the function's code. */
  codeFolder: string;
  role: string;
  /** The role, once Lambda assumed it. */
  principal: Principal;
  timeoutSeconds: number;
  memoryMb: number;
  environment: Record<string, string>;
  /** Folders of the layers, which are `/opt` on AWS; later ones win. */
  layerFolders: string[];
  tracing: boolean;
  logGroup: string;
  logFormat: "Text" | "JSON";
  applicationLogLevel?: string;
  reservedConcurrency?: number;
  description?: string;
  lastModified: string;
}

/** Runtimes that this machine's Node stands in for. */
export const runtimes = ["nodejs22.x", "nodejs24.x"];

/** Environment variables that Lambda keeps for itself: a function cannot set them. */
export const reservedVariables: readonly string[] = [
  ...["_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"],
  ...["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"],
  ...["AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"],
  ...["AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  ...["AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"],
];

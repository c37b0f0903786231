import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";

import type { RenditionSpec, UploadLimits } from "../../../handlers/imageTypes";
import { environmentKeys, type Keys } from "./environmentKeys";
import { localEndpoints } from "./localEndpoints";
import { stackOutputs } from "./stackOutputs";
import { WrongCall } from "./wrongCall";

/** The outputs of the deployed program. */
interface Outputs {
  region: string;
  apiId: string;
  apiUrl: string;
  apiAuth: "iam" | "cognito" | "none";
  tempImagesBucket: string;
  imagesBucket: string;
  /** Address of CloudFront's distribution; null with presigned URLs, absent in a stack from before it. */
  deliveryUrl?: string | null;
  queueUrls: Record<string, string>;
  deadLetterQueueUrls: Record<string, string>;
  eventBusName: string;
  eventDeadLetterQueueUrl: string;
  imageMetadataTable: string;
  alarmNames: string[];
  /** By logical name of the function. */
  logGroups: Record<string, string>;
  imageTypes: RenditionSpec[];
  uploadLimits: UploadLimits;
  allowedOrigins: string[];
}

/** A running stack, on AWS or here. */
export interface Target extends Outputs {
  stack: string;
  /** Account number, from a queue's URL. */
  accountId: string;
  partition: string;
  s3: S3Client;
  sqs: SQSClient;
  dynamodb: DynamoDBClient;
  /** The caller's keys as they are now: those of a role expire. */
  keys(): Promise<Keys>;
  /** Base URL of a service of AWS that is called without its SDK. */
  endpointOf: (service: "monitoring" | "apigateway" | "logs" | "events") => string;
  /** Token of a user of the user pool, where the API asks for one. */
  idToken?: string;
}

interface Connection {
  /** Of all services, in place of AWS. */
  endpoint?: string;
  credentials?: Keys;
}

/** A stack on AWS, from its outputs; the AWS credentials are those of the environment. */
export function deployedTarget(stack: string): Target {
  return targetOf(stack, stackOutputs(stack), { endpoint: process.env.AWS_ENDPOINT_URL });
}

/** The service that runs on this machine. */
export function localTarget(stack: string, data: string): Target {
  const { aws, accessKeyId, secretAccessKey, outputs } = localEndpoints(data);
  return targetOf(stack, outputs, { endpoint: aws, credentials: { accessKeyId, secretAccessKey } });
}

/** @throws Error that names outputs that the stack lacks, WrongCall without a token for an API that asks for one */
export function targetOf(stack: string, given: Record<string, unknown>, connection: Connection): Target {
  const outputs = checked(stack, given);
  const { endpoint, credentials = environmentKeys(outputs.region) } = connection;
  const options = { region: outputs.region, credentials, ...(endpoint && { endpoint }) };
  // A local endpoint has no host name for each bucket.
  const s3 = new S3Client({ ...options, forcePathStyle: endpoint !== undefined });
  const idToken = process.env.ID_TOKEN;
  if (outputs.apiAuth === "cognito" && !idToken)
    throw new WrongCall("the API takes users of a Cognito user pool: set ID_TOKEN to the token of one");
  const china = outputs.region.startsWith("cn-");
  return {
    ...outputs,
    stack,
    accountId: accountOf(outputs.queueUrls),
    partition: china ? "aws-cn" : outputs.region.startsWith("us-gov-") ? "aws-us-gov" : "aws",
    s3,
    sqs: new SQSClient(options),
    dynamodb: new DynamoDBClient(options),
    keys: () => s3.config.credentials(),
    endpointOf: (service) => endpoint ?? `https://${service}.${outputs.region}.amazonaws.com${china ? ".cn" : ""}`,
    ...(idToken && { idToken }),
  };
}

const needed: (keyof Outputs)[] = [
  "region",
  "apiId",
  "apiUrl",
  "apiAuth",
  "tempImagesBucket",
  "imagesBucket",
  "queueUrls",
  "deadLetterQueueUrls",
  "eventBusName",
  "eventDeadLetterQueueUrl",
  "imageMetadataTable",
  "alarmNames",
  "logGroups",
  "imageTypes",
  "uploadLimits",
  "allowedOrigins",
];

function checked(stack: string, given: Record<string, unknown>): Outputs {
  const missing = needed.filter((name) => given[name] === undefined);
  if (missing.length === 0) return given as unknown as Outputs;
  throw new Error(`stack ${stack} lacks outputs (${missing.join(", ")}): bring it up to date with \`pulumi up\``);
}

function accountOf(queueUrls: Record<string, string>): string {
  return /\/(\d{12})\//.exec(Object.values(queueUrls)[0] ?? "")?.[1] ?? "*";
}

import type { Readable } from "node:stream";

/** Who makes a call, after its signature was checked. */
export interface Principal {
  /** `user` is the local owner of the account, who may do everything. */
  kind: "user" | "role" | "service" | "anonymous";
  /** The ARN of the user or role, a service's name (`s3.amazonaws.com`), or `*` for an anonymous caller. */
  arn: string;
  accountId: string;
  /** For a service: on whose behalf it calls; these become `aws:SourceArn` and `aws:SourceAccount`. */
  sourceArn?: string;
  sourceAccount?: string;
}

/** One call to a service, in the form in which every service receives it: over the wire or from another service. */
export interface AwsRequest {
  /** The service's name in the credential scope: `s3`, `sqs`, `dynamodb`, `sts`, … */
  service: string;
  method: string;
  /** Path as sent, still percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** The payload, already freed of aws-chunked framing; its checksums are verified while it is read. */
  body: Readable;
  /** The trailing headers of an aws-chunked payload, lower case. Settles once `body` was read to its end. */
  trailers?: Promise<Record<string, string>>;
  principal: Principal;
  requestId: string;
  /** True when the caller used TLS, or is on this machine: it decides `aws:SecureTransport`. */
  secure: boolean;
  /** Aborts when the client is gone before it was answered. Absent for calls within the process. */
  signal?: AbortSignal;
}

export interface AwsResponse {
  status: number;
  headers: Record<string, string>;
  body?: string | Uint8Array | Readable;
}

/** A service that speaks its own wire protocol. It answers its own errors in its own format, and never throws. */
export interface WireService {
  handle(request: AwsRequest): Promise<AwsResponse>;
}

/** One policy document, as a program writes it. */
export interface PolicyDocument {
  Version?: string;
  Statement: PolicyStatement | PolicyStatement[];
}
export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[] | boolean | number>>;
}

/** A question to IAM. `aws:SourceArn`, `aws:SourceAccount`, `aws:PrincipalArn` and `aws:SecureTransport` are added by the evaluator. */
export interface AccessQuestion {
  principal: Principal;
  /** `s3:PutObject` */
  action: string;
  /** The ARN, or `*` for actions that know no resource. */
  resource: string;
  /** Condition keys of this call: `s3:prefix`, … */
  context?: Record<string, string>;
  /** The policy of the resource: a bucket's, a queue's or a function's. */
  resourcePolicy?: PolicyDocument;
  secure?: boolean;
}

export interface Iam {
  /** Returns when the call is allowed; else throws an AwsError `AccessDenied` (403) worded as AWS words it. */
  authorize(question: AccessQuestion): void;
  /** The credentials with which a role's execution environment signs. The same role keeps its keys across restarts. */
  credentialsOf(roleArn: string): Credentials;
  /** The owner of the local account. */
  readonly owner: Credentials;
  /** The principal of an access key, with its secret, or undefined. */
  lookup(accessKeyId: string): { principal: Principal; credentials: Credentials } | undefined;
  /** Throws AccessDenied unless the role's trust policy lets this service assume it. */
  assume(roleArn: string, service: Principal): Principal;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** What one service needs of SQS. Bodies are text; all of it is kept in the shared database. */
export interface SqsDelivery {
  /** Sends as a service does, subject to the queue's policy. Runs inside the caller's database transaction. */
  deliver(queueArn: string, body: string, from: Principal): void;
}

export interface SqsMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
  messageAttributes: Record<string, unknown>;
  md5OfBody: string;
}

/** What an event source mapping needs of SQS; every call is authorised as the function's role. */
export interface SqsPolling {
  /** Resolves with 1 to `max` messages, or with none after `waitSeconds` or when `signal` aborts. */
  receive(
    queueArn: string,
    options: { max: number; waitSeconds: number; principal: Principal; signal?: AbortSignal },
  ): Promise<SqsMessage[]>;
  delete(queueArn: string, receiptHandles: string[], principal: Principal): void;
  /** Makes messages visible again after `seconds`. */
  release(queueArn: string, receiptHandles: string[], seconds: number): void;
}

export interface LambdaInvoker {
  /** A synchronous invocation, subject to the function's policy. Rejects with AwsError when it is not permitted or unknown. */
  invoke(functionArn: string, payload: unknown, caller: Principal): Promise<InvocationResult>;
}
export interface InvocationResult {
  /** `Unhandled` when the function threw, timed out or died; the payload is then the error. */
  functionError?: "Unhandled";
  payload: unknown;
}

export interface Logs {
  /** Appends lines to a stream; authorised as `logs:CreateLogStream` and `logs:PutLogEvents` of the principal. */
  write(group: string, stream: string, lines: string[], principal: Principal): void;
}

/** Told of every line of progress that the local run prints; services call it with short plain text. */
export type Announce = (line: string) => void;

/** Where the embedded AWS stands. */
export interface Place {
  accountId: string;
  region: string;
  partition: "aws";
  /** Base URL of the AWS endpoint: `http://127.0.0.1:4001`. */
  awsUrl: string;
  /** Base URL of the deployed REST APIs: `http://127.0.0.1:4000`. */
  apiUrl: string;
}

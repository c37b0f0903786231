import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { createApiGateway, type ApiGateway, type ApiGatewayOptions } from "../../apigateway/apiGateway";
import { AwsError } from "../../http/awsError";
import type { AccessQuestion, Iam } from "../../iam/iam";
import type { AwsRequest, AwsResponse } from "../../http/wireService";
import type { InvocationResult } from "../../lambda/invocation";
import type { Place } from "../../place";
import type { Principal } from "../../iam/principal";

export const place: Place = {
  accountId: "000000000000",
  region: "us-east-1",
  partition: "aws",
  awsUrl: "http://127.0.0.1:4001",
  apiUrl: "http://127.0.0.1:4000",
};
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
export const caller: Principal = {
  kind: "role",
  arn: "arn:aws:iam::000000000000:role/caller",
  accountId: "000000000000",
};

interface S3Call {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string | undefined>;
  body: Buffer;
  principal: Principal;
}

/** An API Gateway with fakes around it, all of which can be told what to answer. */
export interface Fakes {
  gateway: ApiGateway;
  url: string;
  s3Calls: S3Call[];
  /** S3's answer. */
  s3: (call: S3Call) => AwsResponse | Promise<AwsResponse>;
  events: { functionArn: string; event: Record<string, unknown>; caller: Principal }[];
  /** The functions' answer. */
  lambda: () => InvocationResult | Promise<InvocationResult>;
  questions: AccessQuestion[];
  denies: (question: AccessQuestion) => boolean;
  assumed: { roleArn: string; service: Principal }[];
  lines: { group: string; line: string; principal: Principal }[];
  announced: string[];
  deploy(document: object, more?: object): void;
  close(): Promise<void>;
}

export async function startGateway(options: Partial<ApiGatewayOptions> = {}): Promise<Fakes> {
  const fakes = {
    s3Calls: [],
    s3: () => ({ status: 200, headers: { ETag: '"abc"', "x-amz-version-id": "v1" } }),
    events: [],
    lambda: () => ({ payload: { statusCode: 200, body: "{}" } }),
    questions: [],
    denies: () => false,
    assumed: [],
    lines: [],
    announced: [],
  } as Partial<Fakes> as Fakes;
  const iam: Iam = {
    owner: credentials,
    authorize: (question) => {
      fakes.questions.push(question);
      if (fakes.denies(question))
        throw new AwsError(403, "AccessDenied", `User: ${question.principal.arn} is not authorized`);
    },
    credentialsOf: () => ({ ...credentials, expiresAt: Infinity }),
    lookup: (id) => (id === credentials.accessKeyId ? { principal: caller, credentials } : undefined),
    assume: (roleArn, service) => {
      fakes.assumed.push({ roleArn, service });
      if (roleArn.endsWith("/untrusted")) throw new AwsError(403, "AccessDenied", "not trusted");
      return { kind: "role", arn: roleArn, accountId: place.accountId };
    },
  };
  const gateway = createApiGateway({
    iam,
    place,
    services: {
      s3: {
        handle: async (sent: AwsRequest) => {
          const { method, path, query, headers, principal } = sent;
          const call = { method, path, query: query.toString(), headers, principal, body: await buffer(sent.body) };
          fakes.s3Calls.push(call);
          return fakes.s3(call);
        },
      },
    },
    lambda: {
      invoke: async (functionArn, event, who) => {
        fakes.events.push({ functionArn, event: event as Record<string, unknown>, caller: who });
        return fakes.lambda();
      },
    },
    logs: {
      write: (group, _stream, lines, principal) =>
        lines.forEach((line) => fakes.lines.push({ group, line, principal })),
    },
    announce: (line) => fakes.announced.push(line),
    ...options,
  });
  fakes.gateway = gateway;
  fakes.deploy = (document, more = {}) => {
    gateway.putApi({ id: "abcdefghij", name: "ImageApi", body: JSON.stringify(document) });
    gateway.deploy("abcdefghij", "dep1");
    gateway.putStage({ apiId: "abcdefghij", name: "dev", deploymentId: "dep1", ...more });
  };
  fakes.url = (await gateway.listen(0)).url;
  fakes.close = () => gateway.close();
  return fakes;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  text: string;
}

/** Sends a request exactly as it is given: no client normalises the path. */
export async function send(
  url: string,
  target: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: target, method, headers, agent: false }, (response) => {
      buffer(response).then((received) => {
        const { statusCode = 0, headers: answered } = response;
        resolve({ status: statusCode, headers: answered, body: received, text: received.toString() });
      }, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A hash with the methods that the SDK's signer calls. */
class Sha256 {
  private readonly hash: { update(data: Uint8Array): unknown; digest(): Buffer };
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as Uint8Array);
  }
  update(data: Uint8Array): void {
    this.hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
  reset(): void {
    throw new Error("not needed");
  }
}

/** The headers of a request that is signed for `execute-api`. */
export async function signed(
  url: string,
  target: string,
  {
    method = "GET",
    body,
    service = "execute-api",
    region = place.region,
  }: { method?: string; body?: Buffer; service?: string; region?: string } = {},
): Promise<Record<string, string>> {
  const { hostname, port, host } = new URL(url);
  const [path = "/", query = ""] = target.split("?");
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, uriEscapePath: true });
  const { headers } = await signer.sign({
    method,
    protocol: "http:",
    hostname,
    port: Number(port),
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: { host },
    ...(body === undefined ? {} : { body }),
  });
  return headers;
}

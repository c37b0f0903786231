import { signedFetch } from "./signedFetch";
import type { Target } from "./target";

interface AwsCall {
  service: "monitoring" | "apigateway" | "logs" | "events";
  method: "GET" | "POST";
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body?: object;
}

/** A call of a service of AWS that answers JSON. Its SDK would be a package for one call. @throws Error with AWS's own */
export async function awsJson(target: Target, { service, method, path, headers, body }: AwsCall): Promise<unknown> {
  const response = await signedFetch({
    method,
    url: target.endpointOf(service) + path,
    region: target.region,
    service,
    headers,
    keys: await target.keys(),
    ...(body && { body: Buffer.from(JSON.stringify(body)) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} answered ${response.status}: ${text}`);
  return JSON.parse(text) as unknown;
}

/**
 * API Gateway's treatment of the names of headers, as recorded on AWS by LocalStack's test
 * `test_apigateway_header_remapping_aws`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */

const lowerCase = (...names: string[]): Set<string> => new Set(names.map((name) => name.toLowerCase()));

const remapped = lowerCase(
  ...["Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host", "Max-Forwards"],
  ...["Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent", "WWW-Authenticate"],
);

/** The headers of an integration's response as the client gets them: those that API Gateway sets itself are renamed. */
export const answeredHeaders = (headers: [string, string][]): [string, string][] =>
  headers
    .filter(([name]) => name.toLowerCase() !== "transfer-encoding")
    .map(([name, value]) => [remapped.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name, value]);

const ofTheConnection = lowerCase(
  ...["Connection", "Content-Length", "Content-MD5", "Expect", "Max-Forwards", "Proxy-Authenticate", "Server", "TE"],
  ...["Trailer", "Transfer-Encoding", "Upgrade", "WWW-Authenticate"],
);

/** The client's headers as a function gets them. Names keep their spelling, but for `Authorization`. */
export const passedHeaders = (headers: [string, string][]): [string, string][] =>
  headers
    .filter(([name]) => !ofTheConnection.has(name.toLowerCase()))
    .map(([name, value]) => [name.toLowerCase() === "authorization" ? "Authorization" : name, value]);

const unmappable = lowerCase(
  ...["Authorization", "Connection", "Content-Length", "Expect", "Proxy-Authenticate", "TE", "Transfer-Encoding"],
);

/** Whether a request parameter of this name makes API Gateway fail when it calls an AWS service. */
export const isUnmappable = (header: string): boolean => unmappable.has(header.toLowerCase());

import { percentEncode } from "../http/percentEncoding";
import { GatewayError } from "./gatewayResponses";
import { isUnmappable } from "./headerNames";
import { contextVariable, headerOf, type Exchange } from "./exchange";
import type { ServiceIntegration, ValueSource } from "./integration";
import { decode } from "./routes";

/** The request that a service integration sends. */
interface MappedRequest {
  /** Percent-encoded, with a slash in front. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
}

/** Applies the parameter mappings of a service integration. Only what is mapped goes on, and the Content-Type. */
export function mapRequest(exchange: Exchange, integration: ServiceIntegration): MappedRequest {
  const pathValues = new Map<string, string>();
  const query = new URLSearchParams();
  const headers: Record<string, string> = { "content-type": headerOf(exchange, "content-type") ?? "application/json" };
  for (const { to, name, from } of integration.parameters) {
    const value = requestValue(exchange, from);
    if (value === undefined) continue;
    if (to === "path") pathValues.set(name, value);
    else if (to === "querystring") query.append(name, value);
    else if (isUnmappable(name)) throw new GatewayError("API_CONFIGURATION_ERROR");
    else headers[name.toLowerCase()] = value;
  }
  const path = integration.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeSegment(pathValues.get(name) ?? ""));
  return { path: `/${path}`, query, headers };
}

/**
 * A value for a path. "REST APIs decode URL-encoded request parameters before passing them to backend integrations. For
 * UTF-8 request parameters, REST APIs decode the parameters and then pass them as unicode to backend integrations. REST
 * APIs URL-encode the percent character (%) before passing it to backend integrations."
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 *
 * So a name that the client encoded once arrives at S3 as that very name: spaces, `%`, letters of any script.
 */
const encodeSegment = (value: string): string => percentEncode(value);

function requestValue(exchange: Exchange, from: ValueSource): string | undefined {
  switch (from.kind) {
    case "literal":
      return from.value;
    case "path": {
      const raw = exchange.pathParameters[from.name];
      return raw === undefined ? undefined : decode(raw);
    }
    case "querystring":
      return exchange.query.getAll(from.name).at(-1);
    case "header":
      return headerOf(exchange, from.name);
    case "context":
      return contextVariable(exchange, from.name);
    case "stageVariables":
      return exchange.stage.variables[from.name];
  }
}

/** The value of a response's parameter mapping. */
export function responseValue(
  exchange: Exchange,
  from: ValueSource,
  headers: Record<string, string>,
): string | undefined {
  if (from.kind === "literal") return from.value;
  if (from.kind === "context") return contextVariable(exchange, from.name);
  return Object.entries(headers).find(([name]) => name.toLowerCase() === from.name.toLowerCase())?.[1];
}

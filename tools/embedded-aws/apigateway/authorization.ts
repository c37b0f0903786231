import { authenticate } from "../http/authenticate";
import { AwsError } from "../http/awsError";
import { isSigned } from "../http/signatureMaterial";
import { sha256Hex } from "../http/signingKey";
import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import type { Authorization } from "./document";
import { executeApiArn, headerOf, type Exchange } from "./exchange";
import { GatewayError } from "./gatewayResponses";

/**
 * Checks a Cognito token and returns its claims, or undefined for an invalid one. The embedded AWS has no user pools:
 * without this function every token is refused.
 */
export type VerifyToken = (token: string, userPoolArns: string[]) => Promise<Record<string, string> | undefined>;

const anonymous: Principal = { kind: "anonymous", arn: "*", accountId: "" };

/** Throws a GatewayError unless the caller may invoke the method. Stores the caller in the exchange. */
export async function authorize(
  exchange: Exchange,
  authorization: Authorization,
  { iam, verifyToken, now }: { iam: Iam; verifyToken: VerifyToken | undefined; now: () => number },
): Promise<void> {
  if (authorization.type === "COGNITO") {
    // The token is the whole header or follows "Bearer".
    const token = headerOf(exchange, "authorization")?.replace(/^Bearer\s+/i, "");
    exchange.claims = token === undefined ? undefined : await verifyToken?.(token, authorization.providerArns);
    if (exchange.claims === undefined) throw new GatewayError("UNAUTHORIZED");
  }
  if (authorization.type === "AWS_IAM") exchange.principal = signer(exchange, iam, now);
  const { policy } = exchange.stage;
  if (authorization.type !== "AWS_IAM" && policy === undefined) return;
  try {
    iam.authorize({
      principal: exchange.principal ?? anonymous,
      action: "execute-api:Invoke",
      resource: executeApiArn(exchange, exchange.path),
      resourcePolicy: policy,
      secure: true,
    });
  } catch (error) {
    if (error instanceof AwsError) throw new GatewayError("ACCESS_DENIED", error.message);
    throw error;
  }
}

function signer(exchange: Exchange, iam: Iam, now: () => number): Principal {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of exchange.headers) {
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value : `${known},${value}`;
  }
  const { httpMethod, fullPath, rawQuery, query, body } = exchange;
  const call = { method: httpMethod, path: fullPath, rawQuery, query, headers, payloadHash: sha256Hex(body) };
  if (!isSigned(call)) throw new GatewayError("MISSING_AUTHENTICATION_TOKEN");
  exchange.accessKeyId = /Credential=([^/,\s]+)/.exec(headers.authorization ?? "")?.[1];
  try {
    const { region } = exchange.stage.place;
    return authenticate(call, { iam, service: "execute-api", region, now: () => new Date(now()) });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new GatewayError(gatewayTypeOf(error), error.message);
  }
}

function gatewayTypeOf({ code, message }: AwsError) {
  if (code === "MissingAuthenticationToken") return "MISSING_AUTHENTICATION_TOKEN";
  if (/expired/i.test(message)) return "EXPIRED_TOKEN";
  return code === "InvalidClientTokenId" ? "ACCESS_DENIED" : "INVALID_SIGNATURE";
}

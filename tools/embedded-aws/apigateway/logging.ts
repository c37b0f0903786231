import { createHash } from "node:crypto";
import type { Announce } from "../announce";
import type { Iam } from "../iam/iam";
import type { Logs } from "../logs/logs";
import type { Principal } from "../iam/principal";
import { contextVariable, type Exchange } from "./exchange";
import { methodPathOf, settingPath } from "./methodPath";
import type { Stage } from "./registry";

/** Writes the access log and the execution log of stages that have them, as the account's role for logs. */
interface GatewayLogs {
  write(exchange: Exchange): void;
}

export function createGatewayLogs(
  logs: Logs,
  { iam, logRole, announce }: { iam: Iam; logRole: () => string | undefined; announce: Announce },
): GatewayLogs {
  const failed = new Set<string>();
  const attempt = (group: string, exchange: Exchange, line: string): void => {
    const { stage } = exchange;
    const stream = createHash("md5").update(`${stage.apiId}/${stage.name}`).digest("hex");
    try {
      logs.write(group, stream, [line], principalOf(stage, iam, logRole()));
      failed.delete(group); // mended: when it comes back it is said again
    } catch (error) {
      // A log that can not be written does not fail the request; it is said once for each group.
      if (!failed.has(group)) announce(`API Gateway can not write to the log group ${group}: ${String(error)}`);
      failed.add(group);
    }
  };
  return {
    write: (exchange) => {
      const { stage, error } = exchange;
      if (stage.accessLog !== undefined) {
        const group = stage.accessLog.destinationArn.split(":log-group:")[1]?.replace(/:\*$/, "") ?? "";
        attempt(group, exchange, accessLogLine(stage.accessLog.format, exchange));
      }
      if (error !== undefined && (exchange.answer?.status ?? 0) >= 500 && logsExecution(exchange))
        attempt(
          `API-Gateway-Execution-Logs_${stage.apiId}/${stage.name}`,
          exchange,
          `(${exchange.requestId}) ${error.reason}`,
        );
    },
  };
}

function principalOf(stage: Stage, iam: Iam, roleArn: string | undefined): Principal {
  const { accountId } = stage.place;
  // Account and region have one role for the logs of all APIs. A program that sets none finds that of its account.
  if (roleArn === undefined) return { kind: "user", arn: `arn:aws:iam::${accountId}:role/api-gateway-logs`, accountId };
  const sourceArn = `arn:aws:apigateway:${stage.place.region}::/account`;
  const service = { kind: "service" as const, arn: "apigateway.amazonaws.com", accountId };
  return iam.assume(roleArn, { ...service, sourceArn, sourceAccount: accountId });
}

/** A variable without a value is written as `-`. */
const accessLogLine = (format: string, exchange: Exchange): string =>
  format
    .replace(/\$context\.([A-Za-z][\w]*(?:\.[A-Za-z][\w:-]*)*)/g, (_, name: string) => logged(exchange, name))
    .replace(/\s*\n\s*/g, " ");

function logged(exchange: Exchange, name: string): string {
  const value = contextVariable(exchange, name);
  if (value === undefined) return "-";
  // `messageString` brings its own quotes; all else stands within the format's.
  return name === "error.messageString" ? value : JSON.stringify(value).slice(1, -1);
}

function logsExecution({ stage, method, httpMethod }: Exchange): boolean {
  if (stage.executionLog.has("*/*")) return true;
  const path = methodPathOf(method ?? { resourcePath: "/" }, httpMethod);
  return [...stage.executionLog].some((setting) => settingPath(setting) === path);
}

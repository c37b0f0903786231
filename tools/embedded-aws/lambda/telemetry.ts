import { randomBytes } from "node:crypto";
import { errorMessage } from "../errorMessage";
import type { Announce } from "../announce";
import type { Iam } from "../iam/iam";
import type { Logs } from "../logs/logs";
import type { FunctionConfig } from "./functionConfig";

interface TelemetryOptions {
  iam: Iam;
  logs: Logs;
  announce: Announce;
  now: () => number;
}

/** Logs and traces of functions, sent as their roles. Lines that a role may not send are lost, as on AWS; that is announced once. */
export class Telemetry {
  private readonly announced = new Set<string>();

  constructor(private readonly options: TelemetryOptions) {}

  log(config: FunctionConfig, stream: string, lines: string[]): void {
    const trouble = `${config.arn} logs`;
    try {
      this.options.logs.write(config.logGroup, stream, lines, config.principal);
      this.announced.delete(trouble); // the next loss is announced again
    } catch (error) {
      this.announceOnce(trouble, `The logs of ${config.name} are lost: ${errorMessage(error)}`);
    }
  }

  /**
   * The trace header of an invocation, or undefined when tracing is off. Lambda sends segments as the function's role, so
   * that role needs the grants; nothing is recorded here.
   */
  trace(config: FunctionConfig): string | undefined {
    if (!config.tracing) return undefined;
    for (const action of ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]) {
      try {
        this.options.iam.authorize({ principal: config.principal, action, resource: "*" });
      } catch (error) {
        this.announceOnce(`${config.arn} ${action}`, `The traces of ${config.name} are lost: ${errorMessage(error)}`);
      }
    }
    const time = Math.floor(this.options.now() / 1000).toString(16);
    return `Root=1-${time}-${randomBytes(12).toString("hex")};Parent=${randomBytes(8).toString("hex")};Sampled=0`;
  }

  warnOfMemory(config: FunctionConfig, usedMb: number): void {
    if (usedMb <= config.memoryMb) return;
    this.announceOnce(
      `${config.arn} memory`,
      `${config.name} used ${usedMb} MB of memory and has ${config.memoryMb} MB: on AWS it would have been killed.`,
    );
  }

  private announceOnce(key: string, line: string): void {
    if (this.announced.has(key)) return;
    this.announced.add(key);
    this.options.announce(line);
  }
}

import { randomBytes, randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { AwsError } from "../http/awsError";
import type { Announce } from "../announce";
import type { HeldPolicy } from "../iam/policyDocument";
import type { Iam } from "../iam/iam";
import type { InvocationResult, LambdaInvoker } from "./invocation";
import type { Logs } from "../logs/logs";
import type { Place } from "../place";
import type { WireService } from "../http/wireService";
import { environmentVariables } from "./environmentVariables";
import { EnvironmentPool } from "./environmentPool";
import { bootstrap, ExecutionEnvironment, type Outcome } from "./executionEnvironment";
import type { FunctionConfig } from "./functionConfig";
import { type FunctionDeclaration, FunctionRegistry, type PermissionDeclaration } from "./registry";
import { Reaper } from "./reaper";
import { initLine, reportLines, startLine } from "./platformLogLines";
import { InvocationSlots, type Urgency } from "./invocationSlots";
import { Telemetry } from "./telemetry";
import { handleLambda } from "./restApi";

export interface LambdaOptions {
  /** Folder for the code of functions and layers. */
  dir: string;
  iam: Iam;
  logs: Logs;
  place: Place;
  announce: Announce;
  /** The Node that runs functions; this process's own by default. */
  nodePath?: string;
  /** Most invocations of event source mappings at once; by default the number of cores, at least 2. Others wait. */
  maxConcurrent?: number;
  /** The account's limit of concurrent executions: more are throttled. 1000 by default; a new account has as few as 10. */
  accountConcurrency?: number;
  /** Lifetime of an idle execution environment; 5 minutes by default. */
  idleMs?: number;
  /** Milliseconds since 1970; a test's own clock. */
  now?: () => number;
  /** Picks the environment that `killEnvironment` ends; a number from 0 up to 1. */
  random?: () => number;
}

/** The operations of the local run and of event source mappings. */
export interface LambdaAdmin {
  /** Creates or updates a function. Rejects with AwsError for a declaration that Lambda, or the embedded AWS, refuses. */
  declareFunction(declaration: FunctionDeclaration): Promise<void>;
  removeFunction(nameOrArn: string): void;
  declareLayer(layer: { arn: string; code: unknown }): Promise<void>;
  declarePermission(permission: PermissionDeclaration): void;
  /** The resource policies of all functions that have permissions. */
  policies(): HeldPolicy[];
  /** @throws AwsError ResourceNotFoundException */
  functionConfig(nameOrArn: string): FunctionConfig;
  /** Invokes as Lambda itself does for an event source mapping, which no resource policy has to permit. */
  run(functionArn: string, payload: unknown): Promise<InvocationResult>;
  /** Resolves when an invocation would start at once, or when `signal` aborts. */
  slotFree(signal?: AbortSignal): Promise<void>;
  /** The execution environments that live now. */
  environments(): { functionName: string; pid: number | undefined; busy: boolean }[];
  /**
   * Fault injection: ends one execution environment, busy ones first. Returns its function's name, if there was any.
   * @param role ARN; only of its functions
   */
  killEnvironment(role?: string): string | undefined;
  /** Ends all environments; what waits or runs fails. */
  close(): Promise<void>;
}

/** Lambda: every function runs in child processes of its own, with its role's credentials and nothing of this process. */
export function createLambda(options: LambdaOptions): LambdaInvoker & LambdaAdmin & WireService {
  return new LocalLambda(options);
}

class LocalLambda implements LambdaInvoker, LambdaAdmin, WireService {
  private readonly registry: FunctionRegistry;
  private readonly pool: EnvironmentPool;
  private readonly slots: InvocationSlots;
  private readonly reaper = new Reaper(bootstrap);
  private readonly now: () => number;
  private readonly telemetry: Telemetry;
  private closed = false;

  constructor(private readonly options: LambdaOptions) {
    const {
      dir,
      iam,
      logs,
      place,
      announce,
      now = Date.now,
      maxConcurrent = Math.max(2, availableParallelism()),
    } = options;
    this.now = now;
    this.registry = new FunctionRegistry({ dir, iam, place, now });
    this.telemetry = new Telemetry({ iam, logs, announce, now });
    this.slots = new InvocationSlots(maxConcurrent);
    this.pool = new EnvironmentPool({
      idleMs: options.idleMs ?? 5 * 60_000,
      now,
      start: (config, onEnd) => this.startEnvironment(config, onEnd),
    });
  }

  handle: WireService["handle"] = (request) =>
    handleLambda({ lambda: this, registry: this.registry, iam: this.options.iam }, request);

  async declareFunction(declaration: FunctionDeclaration): Promise<void> {
    const config = await this.registry.declare(declaration);
    this.pool.retire(config.arn);
  }

  removeFunction(nameOrArn: string): void {
    this.registry.remove(nameOrArn);
    this.pool.retire(this.registry.arnOf(nameOrArn));
  }

  declareLayer(layer: { arn: string; code: unknown }): Promise<void> {
    return this.registry.declareLayer(layer);
  }

  declarePermission(permission: PermissionDeclaration): void {
    this.registry.declarePermission(permission);
  }

  policies(): HeldPolicy[] {
    return this.registry.policies();
  }

  functionConfig(nameOrArn: string): FunctionConfig {
    return this.registry.get(nameOrArn);
  }

  async invoke(...[functionArn, payload, caller]: Parameters<LambdaInvoker["invoke"]>): Promise<InvocationResult> {
    const config = this.registry.get(functionArn);
    this.options.iam.authorize({
      principal: caller,
      action: "lambda:InvokeFunction",
      resource: config.arn,
      resourcePolicy: this.policies().find(({ holder }) => holder === config.arn),
    });
    return this.execute(config, payload, "caller");
  }

  async run(functionArn: string, payload: unknown): Promise<InvocationResult> {
    return this.execute(this.registry.get(functionArn), payload, "background");
  }

  slotFree(signal?: AbortSignal): Promise<void> {
    return this.slots.free(signal);
  }

  environments(): ReturnType<LambdaAdmin["environments"]> {
    return this.pool.list().map(({ config, pid, busy }) => ({ functionName: config.name, pid, busy }));
  }

  killEnvironment(role?: string): string | undefined {
    const { random = Math.random } = this.options;
    const all = this.pool.list().filter(({ config }) => (role ?? config.role) === config.role);
    const busy = all.filter((environment) => environment.busy);
    const candidates = busy.length > 0 ? busy : all;
    const environment = candidates[Math.floor(random() * candidates.length)];
    environment?.kill();
    return environment?.config.name;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.slots.close(closing());
    await this.pool.close();
    this.reaper.close();
  }

  private async execute(config: FunctionConfig, payload: unknown, urgency: Urgency): Promise<InvocationResult> {
    if (this.closed) throw closing();
    const { reservedConcurrency = Infinity } = config;
    if (this.pool.busyWith(config.arn) >= reservedConcurrency) {
      throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
    }
    if (this.slots.inProgress >= (this.options.accountConcurrency ?? 1000)) {
      throw throttled("ConcurrentInvocationLimitExceeded");
    }
    await this.slots.take(urgency);
    try {
      if (this.isClosed()) throw closing();
      // The function may have been updated while the invocation waited.
      return await this.executeIn(this.pool.take(this.registry.get(config.arn)), payload);
    } finally {
      this.slots.give(urgency);
    }
  }

  /** Closing may happen while an invocation waits for its slot. */
  private isClosed(): boolean {
    return this.closed;
  }

  private async executeIn(environment: ExecutionEnvironment, event: unknown): Promise<InvocationResult> {
    const { config } = environment;
    const id = randomUUID();
    const first = environment.invocations === 0;
    try {
      const initError = await environment.initialise();
      this.write(environment, [startLine(config, id)]);
      const outcome: Outcome =
        initError === undefined
          ? await environment.invoke({ id, event, trace: this.telemetry.trace(config) })
          : { payload: initError, failed: true, status: "error", durationMs: 0, maxMemoryMb: 0 };
      this.write(environment, reportLines(config, id, outcome, first ? environment.initMs : undefined));
      this.telemetry.warnOfMemory(config, outcome.maxMemoryMb);
      return outcome.failed ? { functionError: "Unhandled", payload: outcome.payload } : { payload: outcome.payload };
    } finally {
      this.pool.giveBack(environment);
    }
  }

  private startEnvironment(
    config: FunctionConfig,
    onEnd: (environment: ExecutionEnvironment) => void,
  ): ExecutionEnvironment {
    const { iam, place, nodePath = process.execPath } = this.options;
    const logStream = streamName(this.now());
    const write = (lines: string[]): void => this.telemetry.log(config, logStream, lines);
    write([initLine(config)]);
    const credentials = iam.credentialsOf(config.role);
    const environment = new ExecutionEnvironment(config, {
      nodePath,
      variables: environmentVariables(config, { credentials, place, nodePath, logStream }),
      // The longest invocation must end before they do.
      usableUntil: credentials.expiresAt - 900_000,
      logStream,
      onLines: write,
      onEnd: (ended) => {
        this.reaper.forget(ended.pid);
        onEnd(ended);
      },
    });
    this.reaper.watch(environment.pid);
    return environment;
  }

  private write(environment: ExecutionEnvironment, lines: string[]): void {
    this.telemetry.log(environment.config, environment.logStream, lines);
  }
}

const throttled = (Reason: string): AwsError =>
  new AwsError(429, "TooManyRequestsException", "Rate Exceeded.", { Reason });

const closing = (): AwsError => new AwsError(503, "ServiceException", "The embedded AWS is being stopped.");

/** `2026/01/31/[$LATEST]<32 hex digits>` */
function streamName(now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replace(/-/g, "/");
  return `${day}/[$LATEST]${randomBytes(16).toString("hex")}`;
}

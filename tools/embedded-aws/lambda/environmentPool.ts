import type { ExecutionEnvironment } from "./executionEnvironment";
import type { FunctionConfig } from "./functionConfig";

interface PoolOptions {
  /** Lifetime of an idle environment. */
  idleMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
  start: (config: FunctionConfig, onEnd: (environment: ExecutionEnvironment) => void) => ExecutionEnvironment;
}

/** The execution environments: reused while idle, ended when they were idle for long or their function changed. */
export class EnvironmentPool {
  private readonly environments = new Set<ExecutionEnvironment>();
  private readonly idleTimers = new Map<ExecutionEnvironment, NodeJS.Timeout>();

  constructor(private readonly options: PoolOptions) {}

  /** A warm environment of the function, or a new one; it is busy until it is given back. */
  take(config: FunctionConfig): ExecutionEnvironment {
    const environment = this.idle(config) ?? this.start(config);
    clearTimeout(this.idleTimers.get(environment));
    environment.busy = true;
    return environment;
  }

  giveBack(environment: ExecutionEnvironment): void {
    environment.busy = false;
    if (!environment.usable) {
      environment.kill();
      return;
    }
    const timer = setTimeout(() => environment.kill(), this.options.idleMs).unref();
    this.idleTimers.set(environment, timer);
  }

  /** Ends the environments of a function that changed; busy ones finish first. */
  retire(arn: string): void {
    for (const environment of this.environments) {
      if (environment.config.arn !== arn) continue;
      if (environment.busy) environment.usable = false;
      else environment.kill();
    }
  }

  busyWith(arn: string): number {
    return this.list().filter(({ busy, config }) => busy && config.arn === arn).length;
  }

  list(): ExecutionEnvironment[] {
    return [...this.environments];
  }

  /** Kills all environments and waits until they have ended. */
  async close(): Promise<void> {
    const ending = this.list();
    for (const environment of ending) environment.kill();
    await Promise.all(ending.map(({ ended }) => ended));
  }

  private idle(config: FunctionConfig): ExecutionEnvironment | undefined {
    // The one that was used last is the most likely to be in the processor's caches.
    const now = this.options.now();
    return this.list()
      .reverse()
      .filter(({ usable, usableUntil }) => usable && now < usableUntil)
      .find(({ busy, config: { arn } }) => !busy && arn === config.arn);
  }

  private start(config: FunctionConfig): ExecutionEnvironment {
    const environment = this.options.start(config, (ended) => {
      clearTimeout(this.idleTimers.get(ended));
      this.idleTimers.delete(ended);
      this.environments.delete(ended);
    });
    this.environments.add(environment);
    return environment;
  }
}

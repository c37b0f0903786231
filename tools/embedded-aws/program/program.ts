import { dirname, sep } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import * as pulumiDebugging from "@pulumi/pulumi/runtime/debuggable";
import * as pulumiState from "@pulumi/pulumi/runtime/state";

import { Declarations, type GatheredResource } from "./declarations";
import { Recorder } from "./recorder";
import type { Place } from "../place";

export type { GatheredResource } from "./declarations";

export interface Gathered {
  /** In the order of their registration, components included: those have no id. */
  resources: GatheredResource[];
  /** The program's stack outputs, as plain values. */
  outputs: Record<string, unknown>;
}
export interface GatherOptions {
  /** Absolute path of the program's main file. */
  program: string;
  project: string;
  stack: string;
  /** Keys with their namespace, values as Pulumi keeps them: text, everything else as JSON. */
  config: Record<string, string>;
  /** Keys of `config` that are secret. */
  secretKeys?: string[];
  place: Place;
  /** Whether each resource has the place of its declaration, which takes twice as long. Default: false. */
  positions?: boolean;
}

/**
 * Runs a Pulumi program without its engine and returns its declarations. The program's modules are loaded again each
 * time. One program at a time: any unhandled failure in the process counts as the program's.
 *
 * @throws Error with one line for each resource type, property and data source that is not supported; or what the
 * program threw
 */
export function gather({ program, ...options }: GatherOptions): Promise<Gathered> {
  return gatherFrom(() => loadAgain(program), options);
}

/** As {@link gather}, for a program that is a function; what it returns are the stack outputs. */
export async function gatherFrom(program: () => unknown, options: Omit<GatherOptions, "program">): Promise<Gathered> {
  const failures = watchForFailures();
  const endSkipping = skipWorkForTheEngine(options.positions ?? false);
  try {
    return await inOwnContext(async () => {
      const declarations = new Declarations(options);
      pulumi.runtime.setMockOptions(new Recorder(declarations, options.positions), options.project, options.stack);
      pulumi.runtime.setAllConfig(options.config, options.secretKeys);
      const outputs = await pulumi.runtime.runInPulumiStack(async () => program()).catch(failures.take);
      await pulumi.runtime.disconnect();
      // Unhandled rejections are reported at the end of a turn.
      await new Promise(setImmediate);
      declarations.refuseProblems();
      failures.rethrow();
      return { resources: declarations.resources, outputs: outputs ?? {} };
    });
  } finally {
    endSkipping();
    failures.stop();
  }
}

/**
 * Skips work of Pulumi that takes half of a run and that only its engine needs: it reads all of `node_modules` for each
 * function instead of once, and looks at the stack of each promise and resource.
 * @param positions whether stacks are looked at all the same
 * @returns ends it
 */
function skipWorkForTheEngine(positions: boolean): () => void {
  const { computeCodePaths } = pulumi.runtime;
  const known = new Map<string, ReturnType<typeof computeCodePaths>>();
  const lookAgain = positions ? undefined : lookAtNoStack();
  Object.assign(pulumi.runtime, {
    computeCodePaths: (options: pulumi.runtime.CodePathOptions) => {
      const { extraIncludePackages, extraIncludePaths, extraExcludePackages } = options;
      const key = JSON.stringify([extraIncludePackages, extraIncludePaths, extraExcludePackages]);
      const paths = known.get(key) ?? computeCodePaths(options);
      known.set(key, paths);
      return paths;
    },
  });
  return () => {
    lookAgain?.();
    Object.assign(pulumi.runtime, { computeCodePaths });
  };
}

/** Missing from the type declarations. */
const resources = pulumi.Resource as unknown as { callsites: () => object[] };
const debugging = pulumiDebugging as unknown as { debuggablePromise: (promise: unknown, context: unknown) => unknown };

/** @returns ends it */
function lookAtNoStack(): () => void {
  const mapping = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const { callsites } = resources;
  const { debuggablePromise } = debugging;
  Reflect.deleteProperty(Error, "prepareStackTrace");
  resources.callsites = () => [];
  debugging.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
  return () => {
    if (mapping) Object.defineProperty(Error, "prepareStackTrace", mapping);
    resources.callsites = callsites;
    debugging.debuggablePromise = debuggablePromise;
  };
}

/** Runs with a separate state of Pulumi's runtime, so that programs do not affect each other. */
function inOwnContext<T>(run: () => Promise<T>): Promise<T> {
  // Missing from the type declarations; the Automation API's inline programs run in it too.
  const { withLocalStorage } = pulumiState as unknown as {
    withLocalStorage: (run: () => Promise<T>) => Promise<T>;
  };
  return withLocalStorage(run);
}

/** Collects the program's failures outside its own stack of calls: in an `apply`, or while inputs are resolved. */
function watchForFailures() {
  const errors: unknown[] = [];
  const take = (error: unknown): void => void errors.push(error);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", take);
  return {
    take,
    rethrow: () => {
      if (errors.length > 0) throw errors[0];
    },
    stop: () => {
      process.removeListener("unhandledRejection", take);
      for (const listener of others) process.on("unhandledRejection", listener);
    },
  };
}

/** Runs a program's main file and unloads the modules that it loaded, so that the next run loads them again. */
function loadAgain(program: string): unknown {
  Reflect.deleteProperty(require.cache, program);
  const loaded = new Set(Object.keys(require.cache));
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const exported: unknown = require(program);
    return typeof exported === "function" ? (exported as () => unknown)() : exported;
  } finally {
    const own = (file: string) => file.startsWith(dirname(program) + sep) && !file.includes(`${sep}node_modules${sep}`);
    for (const file of Object.keys(require.cache)) {
      if (own(file) && !loaded.has(file)) Reflect.deleteProperty(require.cache, file);
    }
  }
}

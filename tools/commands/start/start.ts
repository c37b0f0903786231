import { join } from "node:path";

import { type Console, type ConsoleApi, type ConsoleDeadLetters, startConsole } from "../../console";
import {
  type FaultRates,
  type LocalRun,
  Obstacle,
  type ObstacleKind,
  parseFaults,
  readStackConfig,
  startLocalRun,
} from "../../embedded-aws";
import type * as imagesService from "../images/service";
import type * as causes from "../redrive/causes";
import type * as queuesModule from "../redrive/queues";
import { installedLayer } from "../support/installedLayer";
import { namespaced } from "../support/namespaced";
import { WrongCall } from "../support/wrongCall";
import { gatherApart } from "./gatherApart";
import { writeEndpoints } from "./endpoints";
import { writeEnvironment } from "./environmentFile";
import { readyText } from "./ready";

/** The flags of `snail start`. */
export interface StartFlags {
  stack: string;
  port: number;
  fresh: boolean;
  /** Default: `.local/<stack>`. */
  data?: string;
  verbose: boolean;
  /** Whether the console is served. */
  console: boolean;
  faults?: string;
  /** Settings in place of the stack's; a key without a namespace is the program's own. */
  config: Record<string, string>;
}

const root = join(__dirname, "../../..");

/** Runs the service until a signal ends it. */
export async function run({ stack, port, fresh, verbose, faults, ...flags }: StartFlags): Promise<void> {
  const startedAt = performance.now();
  process.env.SNAIL_IMAGES_LAYER ??= installedLayer();
  const gather = gatherApart();
  const data = flags.data ?? join(root, ".local", stack);
  const rates = readFaults(faults);
  const config = { ...readStackConfig(root, stack), ...namespaced(flags.config) };
  console.log(`Running the Pulumi program for stack ${stack} …`);
  const service = await startLocalRun({
    program: join(root, "index.ts"),
    project: "snail-images",
    stack,
    config,
    data,
    fresh,
    port,
    verbose,
    faults: rates,
    announce: (line) => console.log(line),
    gather,
  }).catch(addRemedy);
  const page = flags.console ? await consoleOf(service, stack, data, port) : undefined;
  if (page) service.cloud.apigateway.setFrontPage(page.url);
  stopOnSignal(service, page);
  const endpoints = writeEndpoints(data, service, page?.url);
  writeEnvironment(join(data, "env"), endpoints);
  const seconds = (performance.now() - startedAt) / 1000;
  const auth = String(service.outputs.apiAuth);
  console.log(readyText({ stack, data, root, resources: service.resources.length, seconds, auth, endpoints }));
}

/** On the next port after those of the API, AWS and CloudFront, where that is free: it stays the same when the service starts again. */
function consoleOf(service: LocalRun, stack: string, data: string, port: number): Promise<Console> {
  const api = Number(new URL(service.place.apiUrl).port);
  return startConsole({
    run: service,
    stack,
    port: port === 0 ? 0 : api + (service.outputs.deliveryUrl ? 3 : 2),
    api: once(() => apiOf(data)),
    deadLetters: once(() => deadLettersOf(data)),
  });
}

/* eslint-disable @typescript-eslint/no-require-imports -- a dynamic import would bypass the loader that reads TypeScript; AWS's SDK takes a while to load */
function apiOf(data: string): ConsoleApi {
  const { serviceOf } = require("../images/service") as typeof imagesService;
  return serviceOf({ data }).images;
}

function deadLettersOf(data: string): ConsoleDeadLetters {
  const { causesOf } = require("../redrive/causes") as typeof causes;
  const { localQueues } = require("../redrive/queues") as typeof queuesModule;
  return causesOf(localQueues(data));
}
/* eslint-enable @typescript-eslint/no-require-imports */

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** The flag that gets around an obstacle. */
const remedies: Record<ObstacleKind, string> = {
  port: "stop the program that uses it, or choose another port with --port (0 = any)",
  "data folder": "choose another folder with --data",
  "other run": "stop it, or choose another folder with --data",
  "stored data": "start once with --fresh, which forgets all local data",
};

function addRemedy(error: unknown): never {
  if (error instanceof Obstacle) throw new Error(`${error.message}: ${remedies[error.kind]}`, { cause: error });
  throw error;
}

function readFaults(text: string | undefined): FaultRates | undefined {
  try {
    return text === undefined ? undefined : parseFaults(text);
  } catch (error) {
    throw new WrongCall(messageOf(error));
  }
}

function stopOnSignal(service: LocalRun, page: Console | undefined): void {
  const stop = (): void => {
    // A second Ctrl-C, or something that will not end, must not keep the terminal.
    process.once("SIGINT", () => process.exit(130));
    setTimeout(() => process.exit(1), 2_500).unref();
    Promise.all([page?.close(), service.close()]).then(
      () => {
        console.log("Stopped.");
        process.exit(0);
      },
      (error: unknown) => {
        console.error(`snail start: ${messageOf(error)}`);
        process.exit(1);
      },
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

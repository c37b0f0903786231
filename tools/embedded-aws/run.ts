import { createCloud, type Cloud } from "./cloud";
import { takeDataFolder } from "./dataFolder";
import { createFaults, type FaultRates, type Faults } from "./injectedFaults";
import { AwsError } from "./http/awsError";
import { type Call, startAwsServer } from "./http/server";
import { freePort } from "./freePort";
import { recordDecisions } from "./iam/decisions";
import type { Gathered, GatheredResource, GatherOptions } from "./program/program";
import type * as programs from "./program/program";
import { Obstacle } from "./obstacle";
import { progressOf } from "./progress";
import { resourceTypes } from "./resources";
import type { Announce } from "./announce";
import { ACCOUNT_ID, type Place } from "./place";

export interface LocalRunOptions {
  /** Absolute path of the Pulumi program's main file. */
  program: string;
  project: string;
  stack: string;
  /** The stack's configuration, keys with their namespace. */
  config: Record<string, string>;
  /** Data folder. */
  data: string;
  /** Delete the data of earlier runs. */
  fresh: boolean;
  /**
   * Port of the REST APIs, 0 for any free one. The AWS endpoint takes the next one, CloudFront's distribution the one after
   * that, or any that is free.
   */
  port: number;
  /** Show every line that functions log. */
  verbose: boolean;
  announce: Announce;
  /** Runs the program. Default: `gather`, in this process. */
  gather?: (options: GatherOptions) => Promise<Gathered>;
  /** Writes each decision about a call to the data folder, where `readDecisions` finds it. Default: false. */
  recordDecisions?: boolean;
  /** Calls over the wire that fail, before they take effect, with an error that SDKs do not try again. */
  fails?: (call: Call) => boolean;
  /** Failures to inject; none by default. */
  faults?: FaultRates;
  /** The time of S3 alone, in milliseconds since 1970: a test stores what counts as old. */
  s3Now?: () => number;
}

export interface LocalRun {
  place: Place;
  cloud: Cloud;
  /** Orders faults, and reports those that happened. */
  faults: Faults;
  resources: GatheredResource[];
  /** The program's stack outputs. */
  outputs: Record<string, unknown>;
  /** Stops all services and functions. Stored data stays. */
  close(): Promise<void>;
}

/**
 * Runs a Pulumi program and everything that it declares, until it is closed.
 * @throws Obstacle for a port, the data folder or stored data; Error with one line for each unsupported resource
 */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { program, project, stack, config, data, fresh, verbose, announce, gather = gatherHere } = options;
  const place = await findPlace(options);
  const folder = takeDataFolder(data, { fresh });
  const closing: (() => void | Promise<void>)[] = [() => folder.release()];
  const close = async (): Promise<void> => {
    for (let step = closing.pop(); step; step = closing.pop()) await step();
  };
  try {
    const { resources, outputs } = await gather({ program, project, stack, config, place });
    announce(`Starting ${resources.length} resources …`);
    const faults = createFaults(options.faults ?? { throttle: 0, error: 0, duplicate: 0, kill: 0 });
    const cloud = createCloud({
      dir: folder.path,
      place,
      announce,
      faults,
      accountConcurrency: options.faults?.concurrency,
      s3Now: options.s3Now,
    });
    closing.push(() => cloud.close());
    if (options.recordDecisions) closing.push(recordDecisions(cloud.iam, folder.path));
    cloud.logs.onLine((group, line) => {
      const progress = progressOf(group, line, verbose);
      if (progress !== undefined) announce(progress);
    });
    for (const resource of resources) await resourceTypes[resource.type]?.apply?.(cloud, resource);

    const awsServer = await startAwsServer({
      port: portOf(place.awsUrl),
      iam: cloud.iam,
      services: cloud.wire,
      region: place.region,
      announce,
      onCall: (call) => {
        faults.onCall(call);
        if (options.fails?.(call)) throw new AwsError(400, "CallFailed", "The call was made to fail");
      },
      losesAnswer: (call) => faults.losesAnswer(call),
    });
    closing.push(() => awsServer.close());
    await cloud.apigateway.listen(portOf(place.apiUrl));
    await cloud.cloudfront.listen(portOf(place.edgeUrl));
    cloud.mappings.start();
    cloud.schedules.start();
    closing.push(faults.startKilling(cloud.lambda));
    return { place, cloud, faults, resources, outputs, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Loads Pulumi's runtime only where the program runs in this process. */
const gatherHere = (options: GatherOptions): Promise<Gathered> =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a dynamic import would bypass the loader that reads TypeScript
  (require("./program/program") as typeof programs).gather(options);

async function findPlace({ port, config }: LocalRunOptions): Promise<Required<Place>> {
  const api = await freePort(port);
  if (api === undefined) {
    throw new Obstacle("port", `port ${port} is in use${port < 1024 ? " or reserved to administrators" : ""}`);
  }
  const next = async (beyond: number, ...taken: number[]): Promise<number> =>
    (port === 0 ? undefined : await freePort(api + beyond)) ?? (await freePort(0, ...taken)) ?? 0;
  const aws = await next(1, api);
  const edge = await next(2, api, aws);
  return {
    accountId: ACCOUNT_ID,
    region: config["aws:region"] ?? "us-east-1",
    partition: "aws",
    awsUrl: `http://127.0.0.1:${aws}`,
    apiUrl: `http://127.0.0.1:${api}`,
    edgeUrl: `http://127.0.0.1:${edge}`,
  };
}

const portOf = (url: string): number => Number(new URL(url).port);

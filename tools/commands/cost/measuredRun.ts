import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { AccessDecision, LocalRun } from "../../embedded-aws";
import { signedFetch } from "../support/signedFetch";
import { startHere } from "../support/startHere";
import { itemBytes } from "./itemBytes";
import type { MeasuredPath } from "./measured";
import { workOf } from "./work";

/** Milliseconds without a line or call after which all counts as done: longer than a long poll's answer takes. */
const QUIET = 3_000;
/** Calls of these services have a price of their own; those of SQS's consumers are counted by messages. */
const PRICED =
  /^(s3|dynamodb|events|cloudfront):(?!GetRecords|GetShardIterator|DescribeStream|ListStreams)|^sqs:SendMessage$/;

/** The service in this process, with a count of its calls and the CPU of its functions. */
export class MeasuredRun {
  private readonly decided: AccessDecision[] = [];
  private readonly lines: { group: string; line: string }[] = [];
  private readonly told = new EventEmitter();
  private lastWork = Date.now();

  private constructor(
    private readonly run: LocalRun,
    private readonly data: string,
  ) {
    this.told.setMaxListeners(0); // one for each upload under way
    run.cloud.iam.onDecision((decision) => {
      if (!PRICED.test(decision.action)) return;
      this.lastWork = Date.now();
      this.decided.push(decision);
    });
    run.cloud.logs.onLine((group, line) => {
      this.lastWork = Date.now();
      this.lines.push({ group, line });
      this.told.emit("line");
    });
  }

  static async open(): Promise<MeasuredRun> {
    const data = mkdtempSync(join(tmpdir(), "snail-cost-"));
    process.once("exit", () => rmSync(data, { recursive: true, force: true }));
    return new MeasuredRun(await startHere(data), data);
  }

  async close(): Promise<void> {
    await this.run.close();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** A signed request about one image. @throws Error where its status is not of the 200s */
  async ask(method: string, name: string, body?: Uint8Array): Promise<Response> {
    const response = await signedFetch({
      method,
      body,
      url: `${String(this.run.outputs.apiUrl)}/raw/${name}`,
      region: this.run.place.region,
      headers: body === undefined ? {} : { "content-type": "image/jpeg" },
      keys: this.run.cloud.iam.owner,
    });
    if (!response.ok) throw new Error(`${method} ${name} answered ${response.status}: ${await response.text()}`);
    return response;
  }

  /** Uploads a photo; resolves once it is `READY`. */
  async put(name: string, photo: Uint8Array): Promise<void> {
    const ready = this.logged(name, ({ outcome }) => outcome === "ready");
    await (await this.ask("PUT", name, photo)).arrayBuffer();
    await ready;
  }

  /** Uploads copies of a photo one after the other; each waits until the one before is `READY` and announced. */
  async putAll(names: readonly string[], photo: Uint8Array): Promise<void> {
    for (const name of names) {
      const announced = this.logged(name, ({ message }) => message === `${name}: announced as ready`);
      await (await this.ask("PUT", name, photo)).arrayBuffer();
      await announced;
    }
  }

  /** Asks for the status of images. */
  async getAll(names: readonly string[]): Promise<void> {
    for (const name of names) await (await this.ask("GET", name)).arrayBuffer();
  }

  /** Deletes images one after the other, each until nothing of it is left and that is announced. */
  async deleteAll(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const announced = this.logged(name, ({ message }) => message === `${name}: announced as deleted`);
      await (await this.ask("DELETE", name)).arrayBuffer();
      await announced;
    }
  }

  /** The work of each function for one of `images` images while `act` runs, and until all is quiet. */
  async during(images: number, act: () => Promise<void>): Promise<MeasuredPath> {
    await this.quiet();
    const [calls, lines, cpu] = [this.decided.length, this.lines.length, this.cpu()];
    await act();
    await this.quiet();
    return workOf({
      images,
      decisions: this.decided.slice(calls).map((decision) => ({ ...decision, by: this.nameOf(decision.caller.arn) })),
      lines: this.lines.slice(lines).map(({ group, line }) => ({ line, by: this.writerOf(group) })),
      cpu: new Map([...this.cpu()].map(([name, ms]) => [name, ms - (cpu.get(name) ?? 0)])),
    });
  }

  private async quiet(): Promise<void> {
    while (Date.now() - this.lastWork < QUIET) await delay(100);
  }

  /** Size of a name's record. */
  async recordBytes(name: string): Promise<number> {
    const { awsUrl: endpoint, region } = this.run.place;
    const client = new DynamoDBClient({ endpoint, region, credentials: this.run.cloud.iam.owner });
    const TableName = String(this.run.outputs.imageMetadataTable);
    const Key = { original: { S: name }, imageType: { S: "raw" } };
    const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
    client.destroy();
    return itemBytes(Item ?? {});
  }

  /** The custom metrics that were written: namespace, dimensions and name. */
  metrics(): string[] {
    const found = this.lines.flatMap(({ line }) => metricsOf(line));
    return [...new Set(found)].sort();
  }

  /** Resolves once a line about an image is written from now on that is the expected one. */
  private async logged(name: string, isIt: (fields: Record<string, unknown>) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(120_000);
    for (let seen = this.lines.length; ; seen++) {
      while (seen >= this.lines.length) await once(this.told, "line", { signal });
      const fields = json(this.lines[seen]?.line ?? "");
      if (fields?.name === name && isIt(fields)) return;
    }
  }

  /** The logical name of what makes a call; S3's own calls are the notifications of the temp bucket. */
  private nameOf(arn: string): string {
    if (arn.startsWith("s3.")) return "upload notifications";
    const role = this.run.resources.find(({ state }) => state.arn === arn);
    return role?.name.replace(/(-upload)?(-role)?$/, "") ?? arn.split(/[:/]/).pop() ?? arn;
  }

  /** The logical name of what writes to a log group. */
  private writerOf(group: string): string {
    const declared = this.run.resources.find(({ type, state }) => type.endsWith(":LogGroup") && state.name === group);
    return declared?.name.replace(/(-access)?-log$/, "") ?? group;
  }

  /** User and system milliseconds of each function's live processes. */
  private cpu(): Map<string, number> {
    const used = new Map<string, number>();
    for (const { functionName, pid } of this.run.cloud.lambda.environments()) {
      const name = this.run.resources.find(({ type, state }) => isFunction(type) && state.name === functionName)?.name;
      if (name !== undefined && pid !== undefined) used.set(name, (used.get(name) ?? 0) + cpuOf(pid));
    }
    return used;
  }
}

const isFunction = (type: string): boolean => type === "aws:lambda/function:Function";

/** A process's CPU in milliseconds, by the clock ticks of 10 ms that Linux counts. */
function cpuOf(pid: number): number {
  // After the name, which is in brackets: state, parent, …; see proc_pid_stat(5).
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()?.split(" ").map(Number) ?? [];
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) * 10;
}

function json(line: string): Record<string, unknown> | undefined {
  const start = line.indexOf("{");
  if (start < 0) return undefined;
  try {
    return JSON.parse(line.slice(start)) as Record<string, unknown>;
  } catch {
    return undefined; // a line of the platform, or of another form
  }
}

interface EmbeddedMetrics {
  CloudWatchMetrics?: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
}

function metricsOf(line: string): string[] {
  const fields = json(line);
  const { CloudWatchMetrics = [] } = (fields?._aws ?? {}) as EmbeddedMetrics;
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => {
        const values = names.map((name) => `${name}=${String(fields?.[name])}`);
        return [Namespace, Name, ...values].join(" ");
      }),
    ),
  );
}

import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { type AccessDecision, type LocalRun, readStackConfig, startLocalRun } from "../../embedded-aws";
import { ROOT } from "../engine/project";
import { installedLayer } from "../support/installedLayer";
import { signedFetch } from "../support/signedFetch";
import { itemBytes } from "./itemBytes";
import type { MeasuredPath } from "./measured";

/** Requests under way at the same time. */
const CLIENTS = 4;
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
    this.told.setMaxListeners(0); // each upload that is waited for is one
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
    process.env.SNAIL_IMAGES_LAYER ??= installedLayer();
    const stack = "dev";
    const run = await startLocalRun({
      program: join(ROOT, "index.ts"),
      project: "snail-images",
      stack,
      data,
      fresh: true,
      port: 0,
      config: readStackConfig(ROOT, stack),
      verbose: false,
      announce: () => undefined,
    });
    return new MeasuredRun(run, data);
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

  async askAll(method: string, names: readonly string[], body?: Uint8Array): Promise<void> {
    const rest = names[Symbol.iterator]();
    const client = async (): Promise<void> => {
      for (const name of rest) await (await this.ask(method, name, body)).arrayBuffer();
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  /** Uploads copies of a photo; resolves once all are `READY`. */
  async putAll(names: readonly string[], photo: Uint8Array): Promise<void> {
    const ready = this.logged(names, "ready");
    await this.askAll("PUT", names, photo);
    await ready;
  }

  /** Deletes images; resolves once nothing of them is left. */
  async deleteAll(names: readonly string[]): Promise<void> {
    const deleted = this.logged(names, "deleted");
    await this.askAll("DELETE", names);
    await deleted;
  }

  /** The work of each function for one of `images` images while `act` runs, and until all is quiet. */
  async during(images: number, act: () => Promise<void>): Promise<MeasuredPath> {
    const [calls, lines, cpu] = [this.decided.length, this.lines.length, this.cpu()];
    await act();
    while (Date.now() - this.lastWork < QUIET) await delay(100);
    const path: MeasuredPath = {};
    const partOf = (name: string) => (path[name] ??= { cpuMs: 0, calls: {}, logBytes: 0 });
    const share = (value: number): number => Math.round((value / images) * 100) / 100;
    for (const [name, ms] of this.cpu()) {
      const used = ms - (cpu.get(name) ?? 0);
      if (used > 0) partOf(name).cpuMs = share(used);
    }
    const counts = Object.groupBy(
      this.decided.slice(calls),
      ({ caller, action }) => `${this.nameOf(caller.arn)} ${action}`,
    );
    for (const [key, decisions = []] of Object.entries(counts)) {
      const [, name = "", action = ""] = /^(.*) (\S+)$/.exec(key) ?? [];
      if (share(decisions.length) > 0) partOf(name).calls[action] = share(decisions.length);
    }
    const groups = Object.groupBy(this.lines.slice(lines), ({ group }) => group);
    for (const [group, written = []] of Object.entries(groups)) {
      const declared = this.run.resources.find(({ type, state }) => type.endsWith(":LogGroup") && state.name === group);
      const bytes = written.reduce((sum, { line }) => sum + Buffer.byteLength(line) + LINE_OVERHEAD, 0);
      partOf(declared?.name.replace(/(-access)?-log$/, "") ?? group).logBytes = Math.round(bytes / images);
    }
    return path;
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

  private async logged(names: readonly string[], outcome: string): Promise<void> {
    const from = this.lines.length;
    const waiting = new Set(names);
    let seen = from;
    while (waiting.size > 0) {
      for (; seen < this.lines.length; seen++) {
        const fields = json(this.lines[seen]?.line ?? "");
        if (fields?.outcome === outcome && typeof fields.name === "string") waiting.delete(fields.name);
      }
      if (waiting.size > 0) await once(this.told, "line", { signal: AbortSignal.timeout(120_000) });
    }
  }

  /** The logical name of what makes a call; S3's own calls are the notifications of the temp bucket. */
  private nameOf(arn: string): string {
    if (arn.startsWith("s3.")) return "upload notifications";
    const role = this.run.resources.find(({ state }) => state.arn === arn);
    return role?.name.replace(/(-upload)?(-role)?$/, "") ?? arn.split(/[:/]/).pop() ?? arn;
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

/** CloudWatch Logs counts 26 bytes for each event beside its text (PutLogEvents). */
const LINE_OVERHEAD = 26;

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

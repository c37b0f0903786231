import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { urlSegment } from "../../../handlers/protocol/objectName";
import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import { signedFetch, type SignedRequest } from "./signedFetch";

/** The content of `endpoints.json`, which a local run writes. */
export interface Endpoints {
  api: string;
  aws: string;
  /** The console's address; absent with `--no-console`. */
  console?: string;
  region: string;
  accountId: string;
  accessKeyId: string;
  secretAccessKey: string;
  resources: Record<string, { type: string; id: string; arn?: string }>;
  /** The stack's outputs. */
  outputs: Record<string, unknown>;
}

export interface LocalServiceOptions {
  /** Data folder. */
  data: string;
  /** Further flags of `npm start`. */
  flags?: string[];
  env?: Record<string, string>;
}

const root = join(__dirname, "../../..");

/** The local service as a process of its own, just as `npm start` runs it, on ports of its own choice. */
export class LocalService {
  readonly output: string[] = [];
  endpoints!: Endpoints;
  private readonly lines = new EventEmitter<{ line: [string] }>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly data: string,
  ) {}

  static async start({ data, flags = [], env = {} }: LocalServiceOptions): Promise<LocalService> {
    const args = ["tools/commands/snail.js", "start", "--port", "0", "--data", data, ...flags];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const service = new LocalService(child, data);
    await service.untilReady();
    return service;
  }

  private async untilReady(): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      for (const stream of [this.child.stdout, this.child.stderr]) {
        if (!stream) continue;
        createInterface(stream).on("line", (line) => {
          this.output.push(line);
          this.lines.emit("line", line);
          if (line.startsWith("Ready")) resolve();
        });
      }
      this.child.once("exit", (code) => reject(new Error(`the service ended with ${String(code)}:\n${this.log}`)));
    });
    await ready;
    this.endpoints = JSON.parse(readFileSync(join(this.data, "endpoints.json"), "utf8")) as Endpoints;
  }

  get log(): string {
    return this.output.join("\n");
  }

  /** Process id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves as soon as a line is printed that `found` accepts. */
  untilLine(found: (line: string) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (line: string): void => {
        if (!found(line)) return;
        this.lines.off("line", look);
        resolve();
      };
      this.lines.on("line", look);
      void this.ended.then(() => reject(new Error(`the service has ended:\n${this.log}`)));
    });
  }

  get keys(): { accessKeyId: string; secretAccessKey: string } {
    const { accessKeyId, secretAccessKey } = this.endpoints;
    return { accessKeyId, secretAccessKey };
  }

  /** A signed request to the API, sent again while it is throttled. `path` begins with a slash and is encoded. */
  async call(
    method: string,
    path: string,
    options: Pick<SignedRequest, "body" | "headers" | "redirect" | "signal"> = {},
  ): Promise<Response> {
    const { api, region } = this.endpoints;
    for (;;) {
      const response = await signedFetch({ method, url: api + path, region, keys: this.keys, ...options });
      if (response.status !== 429) return response;
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  put(object: string, body: Uint8Array, contentType = "image/jpeg"): Promise<Response> {
    return this.call("PUT", `/raw/${urlSegment(object)}`, { body, headers: { "content-type": contentType } });
  }

  delete(object: string): Promise<Response> {
    return this.call("DELETE", `/raw/${urlSegment(object)}`);
  }

  get(object: string): Promise<Response> {
    return this.call("GET", `/raw/${urlSegment(object)}`);
  }

  /** Asks for a name's status until it answers `done`; the answer that did. Gives up after `seconds`. */
  async until(
    object: string,
    done: (status: number, image: ImageStatus) => boolean,
    { seconds = 60 }: { seconds?: number } = {},
  ): Promise<ImageStatus> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const response = await this.get(object);
      const image = (await response.json()) as ImageStatus;
      if (done(response.status, image)) return image;
      if (Date.now() > deadline) {
        throw new Error(`${object}: still ${JSON.stringify(image)} after ${seconds} s\n${this.log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  untilStatus(object: string, status: ImageStatus["status"]): Promise<ImageStatus> {
    return this.until(object, (code, image) => code === 200 && image.status === status);
  }

  /** Resolves with the exit code when the service has ended; null where a signal ended it. */
  get ended(): Promise<number | null> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return Promise.resolve(exitCode);
    return once(this.child, "exit").then(([code]) => code as number | null);
  }

  /** As Ctrl-C does. Resolves with the exit code. */
  async stop(): Promise<number | null> {
    return this.end("SIGINT");
  }

  /** As a crash does. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  private async end(signal: "SIGINT" | "SIGKILL"): Promise<number | null> {
    const { ended } = this;
    this.child.kill(signal);
    return ended;
  }
}

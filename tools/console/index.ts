/** The door of the console: the page that `npm start` opens. Images are read, and AWS's SDK loaded, once a page asks. */
import type { UploadLimits } from "../../handlers/imageTypes";
import type { LocalRun } from "../embedded-aws";
import { EventStream } from "./eventStream";
import type { Images } from "./images";
import type * as imagesModule from "./images";
import { createFeed } from "./feed";
import { historyOf } from "./history";
import { createLineReader } from "./lineReader";
import { createPipeline } from "./pipeline";
import { listen } from "./server";
import type { ConsoleApi, ConsoleDeadLetters } from "./shapes";

export type { ConsoleApi, ConsoleDeadLetters } from "./shapes";

export interface ConsoleOptions {
  run: Pick<LocalRun, "place" | "cloud" | "faults" | "outputs" | "resources">;
  stack: string;
  /** Port of 127.0.0.1; where it is in use, or 0, any that is free. */
  port: number;
  /** Both are called once a page needs them. */
  api: () => ConsoleApi;
  deadLetters: () => ConsoleDeadLetters;
}

export interface Console {
  /** `http://127.0.0.1:<port>` */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the console of a running service until it is closed.
 * @throws Error where no port is free
 * @example
 * const console = await startConsole({ run, stack: "dev", port: 4002, api: () => api, deadLetters: () => deadLetters });
 * open(console.url);
 */
export async function startConsole({ run, stack, port, api, deadLetters }: ConsoleOptions): Promise<Console> {
  let images: Images | undefined;
  const lazily = (): Images => (images ??= load().createImages(run));
  const stream = new EventStream();
  const limits = run.outputs.uploadLimits as UploadLimits;
  const { resources } = run;
  const { logs } = run.cloud;
  const read = createLineReader(resources);
  const pipeline = createPipeline(run, stream, read);
  const feed = createFeed({
    logs,
    read,
    limits,
    stack,
    stream,
    images: lazily,
    pipeline: () => ({ graph: pipeline.graph, pipeline: pipeline.now() }),
  });
  const server = await listen(port, {
    stream,
    feed,
    api,
    deadLetters,
    images: lazily,
    maxBytes: limits.maxBytes,
    order: (kind, functionName) => pipeline.order(kind, functionName),
    part: (name) => pipeline.details(name),
    fire: (name) => pipeline.fire(name),
    history: async (name) =>
      historyOf({ logs, resources, read, isDriven: pipeline.isDriven }, name, await lazily().moments(name)),
  });
  return {
    url: server.url,
    async close() {
      feed.close();
      pipeline.close();
      stream.close();
      await server.close();
      images?.close();
    },
  };
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- a dynamic import would bypass the loader that reads TypeScript
const load = (): typeof imagesModule => require("./images") as typeof imagesModule;

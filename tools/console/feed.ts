import type { ServerResponse } from "node:http";

import type { UploadLimits } from "../../handlers/imageTypes";
import type { LocalRun } from "../embedded-aws";
import type { EventStream } from "./eventStream";
import type { Images } from "./images";
import type { LineReader } from "./lineReader";
import type { Hello } from "./shapes";

export interface Feed {
  /** Tells a page all that there is, and from then on each change. */
  greet(page: ServerResponse): void;
  /** Tells all pages what became of a name. */
  tell(name: string): void;
  close(): void;
}

export interface FeedOptions {
  logs: Pick<LocalRun["cloud"]["logs"], "onLine">;
  read: LineReader;
  limits: UploadLimits;
  stack: string;
  stream: EventStream;
  images: () => Images;
  pipeline: () => Pick<Hello, "graph" | "pipeline">;
}

/** Tells pages of images when something is logged about them: a function logs after it has changed the table. */
export function createFeed({ logs, read, limits, stack, stream, images, pipeline }: FeedOptions): Feed {
  // One read after another, so that no page hears of an older state after a newer one.
  let last = Promise.resolve();
  const next = (work: () => Promise<void>): void => {
    last = last.then(work).catch((error: unknown) => {
      process.stderr.write(`console: ${String(error)}\n`);
    });
  };
  const waiting = new Set<string>();
  const tell = (name: string): void => {
    if (waiting.has(name) || !stream.listening) return;
    waiting.add(name);
    next(async () => {
      waiting.delete(name);
      const image = await images().read(name);
      if (image) stream.send("image", image);
    });
  };
  const stop = logs.onLine((group, text, timestamp) => {
    const line = stream.listening ? read(group, new Date(timestamp).toISOString(), text) : undefined;
    if (!line) return;
    stream.send("line", line);
    if (line.name !== undefined) tell(line.name);
  });
  return {
    greet: (page) =>
      next(async () => {
        const hello: Hello = {
          stack,
          images: await images().newest(),
          extensions: limits.acceptedExtensions,
          maxBytes: limits.maxBytes,
          ...pipeline(),
        };
        stream.send("hello", hello, page);
      }),
    tell,
    close: stop,
  };
}

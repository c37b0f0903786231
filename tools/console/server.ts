import { once } from "node:events";
import { createWriteStream, openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { assetAt, contentSecurityPolicy } from "./assets";
import type { EventStream } from "./eventStream";
import type { Feed } from "./feed";
import { refusalOf } from "./guard";
import type { Images, Picture } from "./images";
import { sample } from "./samples";
import type { ConsoleApi, ConsoleDeadLetters, ImageDetails, PartDetails, ShownLine } from "./shapes";

export interface Parts {
  stream: EventStream;
  feed: Feed;
  api: () => ConsoleApi;
  deadLetters: () => ConsoleDeadLetters;
  images: () => Images;
  /** Of an upload. */
  maxBytes: number;
  /** Settings and policies of a part of the pipeline. */
  part: (name: string) => PartDetails | undefined;
  /** Has a fault strike a function; false where there is no such fault or function. */
  order: (kind: string, functionName: string) => boolean;
  /** Has a schedule invoke its functions now; false where there is none of this name. */
  fire: (name: string) => boolean;
  /** The past of a name, oldest first. */
  history: (name: string) => Promise<ShownLine[]>;
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  /** The image that it is about. */
  name: string;
}
type Route = (parts: Parts, call: Call) => Promise<void> | void;

const routes: Record<string, Route> = {
  "GET /events"({ stream, feed }, { request, response }) {
    if (request.method === "HEAD") {
      response.writeHead(200, { "content-type": "text/event-stream" }).end();
      return;
    }
    stream.add(response);
    feed.greet(response);
  },
  async "GET /image"({ images, history }, { response, name }) {
    const image = await images().read(name);
    const details: ImageDetails = { ...(image && { image }), history: await history(name) };
    json(response, 200, details);
  },
  /** The answer of the API itself, URLs included. */
  async "GET /status"({ api }, { response, name }) {
    json(response, 200, await api().get(name));
  },
  "GET /part"({ part }, { response, name }) {
    const details = part(name);
    if (details) json(response, 200, details);
    else refuse(response, 404, "there is no such part");
  },
  "POST /fire"({ fire }, { response, name }) {
    if (fire(name)) json(response, 200, {});
    else refuse(response, 404, "there is no such schedule");
  },
  async "GET /picture"({ images }, { response, query, name }) {
    const [generation = "", imageType = "", format = ""] = ["generation", "type", "format"].map(
      (key) => query.get(key) ?? "",
    );
    const picture = await images().picture({ name, generation, imageType, format });
    await show(response, picture);
  },
  async "GET /thumbnail"({ images }, { response, query, name }) {
    await show(response, await images().thumbnail(name, query.get("generation") ?? ""));
  },
  async "POST /upload"({ api, feed, maxBytes }, { request, response, name }) {
    const bytes = Number(request.headers["content-length"]);
    if (!(bytes <= maxBytes)) {
      refuse(response, 413, `the file is too large: ${bytes} bytes, where ${maxBytes} are allowed`);
      return;
    }
    await asFile(request, (file) => api().upload(name, file));
    feed.tell(name);
    json(response, 200, {});
  },
  /** A file of the page's buttons, under a fault where one is asked for. */
  async "POST /sample"({ api, feed, order }, { response, query, name }) {
    const fault = query.get("fault");
    if (fault !== null && !order(fault, name)) {
      refuse(response, 404, "there is no such fault, or no such function");
      return;
    }
    const file = sample(query.get("kind") === "bad" ? "bad" : "good");
    await api().upload(file.name, file.body);
    feed.tell(file.name);
    json(response, 200, {});
  },
  async "GET /dead-letters"({ deadLetters }, { response }) {
    json(response, 200, await deadLetters().list());
  },
  async "POST /dead-letters"({ deadLetters }, { response, query }) {
    const { queue = "", cause = "", act } = Object.fromEntries(query);
    const letters = await deadLetters().settle(queue, cause, act === "delete" ? "delete" : "move");
    json(response, 200, { letters });
  },
  async "POST /delete"({ api, feed }, { response, name }) {
    await api().delete(name);
    feed.tell(name);
    json(response, 200, {});
  },
};

async function show(response: ServerResponse, picture: Picture | undefined): Promise<void> {
  if (!picture) {
    refuse(response, 404, "there is no such picture");
    return;
  }
  response.writeHead(200, {
    "content-type": picture.contentType,
    "content-length": picture.bytes,
    "cache-control": "private, max-age=31536000, immutable",
  });
  await pipeline(picture.body, response);
}

/** Hands a body over as a file on disk: memory holds a part of it at a time. */
async function asFile<Result>(body: Readable, use: (file: Blob) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "snail-console-"));
  try {
    const path = join(folder, "file");
    await pipeline(body, createWriteStream(path));
    return await use(await openAsBlob(path));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Serves the page and its calls on 127.0.0.1. */
export async function listen(port: number, parts: Parts): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(parts, portOf(server), request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, statusOf(error), error instanceof Error ? error.message : String(error));
    });
  });
  await listenOn(server, port).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return listenOn(server, 0);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function listenOn(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

async function answer(parts: Parts, port: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader("content-security-policy", contentSecurityPolicy);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("cache-control", "no-store");
  response.setHeader("referrer-policy", "no-referrer");
  const refusal = refusalOf(request, port);
  if (refusal !== undefined) {
    refuse(response, 403, refusal);
    return;
  }
  const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://console");
  const method = request.method === "HEAD" ? "GET" : (request.method ?? ""); // Node sends no body to HEAD
  const route = Object.hasOwn(routes, `${method} ${pathname}`) ? routes[`${method} ${pathname}`] : undefined;
  if (route) return route(parts, { request, response, query, name: query.get("name") ?? "" });
  const asset = method === "GET" ? assetAt(pathname) : undefined;
  if (!asset) {
    refuse(response, 404, "there is nothing here");
    return;
  }
  response.writeHead(200, { "content-type": asset.contentType }).end(asset.body);
}

/** That of the API's answer, where it refuses. */
function statusOf(error: unknown): number {
  const { status } = error instanceof Object ? (error as { status?: unknown }) : {};
  return typeof status === "number" ? status : 500;
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  json(response, status, { error: message });
}

/**
 * Measures the AWS calls of one photo by themselves: those that the two put functions make, by their own clients and
 * adapters, against a server that only takes and gives bytes (and the MD5 that an ETag is). No image work, no IAM,
 * nothing is stored. It is the least that the whole path can cost.
 */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { createDocumentClient, createS3Client, createSqsClient } from "../../handlers/aws/clients";
import { createImageMetadata } from "../../handlers/aws/imageMetadata";
import { createImages } from "../../handlers/aws/images";
import { createQueue } from "../../handlers/aws/queue";
import { createTempImages } from "../../handlers/aws/tempImages";
import { rounded, total, type Row } from "./measures";

const photo = readFileSync(join(__dirname, "../../test/photos/p12.jpg"));
/** Bytes of the five renditions of that photo. */
const renditions = [640_000, 260_000, 66_000, 18_000, 5_500];
const WARM_UP = 20;

/** Sends its port, and for each message its CPU so far in microseconds. */
function serve(): void {
  const server = createServer((request, response) => {
    const md5 = createHash("md5");
    request.on("data", (chunk: Buffer) => md5.update(chunk));
    request.on("end", () => answer(request, response, `"${md5.digest("hex")}"`));
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("message", () => process.send?.(cpu()));
}

function answer({ method, headers }: IncomingMessage, response: ServerResponse, etag: string): void {
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? "") ?? [];
  const told = { etag, "last-modified": new Date(0).toUTCString() };
  if (headers["x-amz-target"] !== undefined) response.writeHead(200).end('{"Attributes":{}}');
  else if (headers["x-amz-copy-source"] !== undefined) {
    response.writeHead(200).end(`<CopyObjectResult><ETag>${etag}</ETag></CopyObjectResult>`);
  } else if (method !== "GET") response.writeHead(200, told).end();
  else if (from === undefined) response.writeHead(200, { ...told, "content-length": photo.length }).end(photo);
  else {
    const part = photo.subarray(Number(from), Number(to) + 1);
    const range = { "content-range": `bytes ${from}-${to}/${photo.length}`, "content-length": part.length };
    response.writeHead(206, { ...told, ...range }).end(part);
  }
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

type Call = () => Promise<unknown>;

/** `snail bench calls` */
export async function measure({ photos }: { photos: number }): Promise<Row[]> {
  const server = fork(__filename, { env: { ...process.env, BENCH_SERVER: "1" }, execArgv: ["--import", "tsx"] });
  const [port] = (await once(server, "message")) as [number];
  const serverCpu = async (): Promise<number> => {
    server.send("cpu");
    const [microseconds] = (await once(server, "message")) as [number];
    return microseconds;
  };
  const calls = callsOfAPhoto(`http://127.0.0.1:${port}`);
  const all = async (): Promise<void> => {
    for (const [, times, call] of calls) for (let i = 0; i < times; i++) await call(i);
  };
  for (let i = 0; i < WARM_UP; i++) await all();
  const before = [cpu(), await serverCpu()] as const;
  for (let i = 0; i < photos; i++) await all();
  const row = (name: string, calls: number | "", microseconds: number): Row => ({
    "AWS calls of one 12 MP photo": name,
    calls,
    "CPU, ms": rounded(microseconds / 1000 / photos, 1),
  });
  const rows = [
    row("SDK", total(calls.map(([, times]) => times)), cpu() - before[0]),
    row("a server that stores nothing", "", (await serverCpu()) - before[1]),
  ];
  for (const [name, times, call] of calls) {
    const start = cpu();
    for (let i = 0; i < photos * times; i++) await call(i % times);
    rows.push(row(name, times, cpu() - start));
  }
  server.kill();
  return rows;
}

function callsOfAPhoto(endpoint: string): [name: string, times: number, call: (turn: number) => Promise<unknown>][] {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "secret",
  });
  const s3 = createS3Client();
  const temp = createTempImages(s3, "temp");
  const images = createImages(s3, "images");
  const metadata = createImageMetadata(createDocumentClient(), "metadata");
  const queue = createQueue(createSqsClient(), `${endpoint}/1/queue`);
  const upload = (): ReturnType<typeof temp.read> => temp.read("images/photo.jpg", "version");
  const end: Call = async () => (await uploaded)?.read(photo.length - 65_536, photo.length);
  const uploaded = upload();
  const create = (turn: number): Promise<void> =>
    images.create(`large/photo.jpg/${turn}.jpg`, photo.subarray(0, renditions[turn]), "jpeg");
  return [
    ["an upload's start", 1, upload],
    ["its end", 1, end],
    ["copy of the original", 1, () => images.copy("temp/images/photo.jpg?versionId=1", "raw/photo.jpg/1.jpg", "jpeg")],
    ["an upload's removal", 1, () => temp.delete("images/photo.jpg", "version")],
    ["the original", 1, () => images.read("raw/photo.jpg/1.jpg")],
    ["storing renditions", renditions.length, create],
    ["reading the record", 2, () => metadata.readRaw("photo.jpg")],
    [
      "updating the record",
      2,
      () => metadata.updateRaw("photo.jpg", { when: [{ attribute: "epoch", absent: true }], set: { status: "READY" } }),
    ],
    ["a message", 1, () => queue.send({ original: "photo.jpg" })],
  ];
}

if (process.env.BENCH_SERVER) serve();

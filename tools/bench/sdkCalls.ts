/**
 * Measures the AWS calls of one photo by themselves: the same calls, with the same bodies, that the two put functions
 * make of the SDK, against a server that only takes and gives bytes (and the MD5 that an ETag is). No image work, no
 * IAM, nothing is stored. It is the least that the whole path can cost.
 */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";

const photo = readFileSync(join(__dirname, "../../test/photos/p12.jpg"));
/** Bytes of the five renditions of that photo. */
const renditions = [640_000, 260_000, 66_000, 18_000, 5_500];
const WARM_UP = 20;

/** Sends its port, and for each message its CPU so far in microseconds. */
function serve(): void {
  const server = createServer((request, response) => {
    const md5 = createHash("md5");
    request.on("data", (chunk: Buffer) => md5.update(chunk));
    request.on("end", () => {
      const isDynamodb = request.headers["x-amz-target"] !== undefined;
      if (request.method === "GET") response.writeHead(200, { "content-length": photo.length }).end(photo);
      else response.writeHead(200, { etag: `"${md5.digest("hex")}"` }).end(isDynamodb ? "{}" : "");
    });
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("message", () => process.send?.(cpu()));
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** `snail bench calls` */
export async function run({ photos }: { photos: number }): Promise<void> {
  const server = fork(__filename, { env: { ...process.env, BENCH_SERVER: "1" }, execArgv: ["--import", "tsx"] });
  const [port] = (await once(server, "message")) as [number];
  const serverCpu = async (): Promise<number> => {
    server.send("cpu");
    const [microseconds] = (await once(server, "message")) as [number];
    return microseconds;
  };
  const calls = callsOfAPhoto(`http://127.0.0.1:${port}`);
  for (let i = 0; i < WARM_UP; i++) await calls();
  const before = [cpu(), await serverCpu()] as const;
  for (let i = 0; i < photos; i++) await calls();
  const each = (now: number, then: number): string => ((now - then) / 1000 / photos).toFixed(0);
  console.log("| AWS calls of one 12 MP photo | CPU, ms |\n|---|---|");
  console.log(
    `| SDK | ${each(cpu(), before[0])} |\n| a server that stores nothing | ${each(await serverCpu(), before[1])} |`,
  );
  server.kill();
}

function callsOfAPhoto(endpoint: string): () => Promise<void> {
  const options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" } };
  const s3 = new S3Client({
    ...options,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  const object = { Bucket: "images", Key: "key" };
  const item = { TableName: "metadata", Key: { original: "photo.jpg", imageType: "raw" } };
  const update = { ...item, UpdateExpression: "SET a = :a", ExpressionAttributeValues: { ":a": 1 } };
  const read = async (): Promise<Uint8Array> => {
    const { Body } = await s3.send(new GetObjectCommand(object));
    return Body ? await Body.transformToByteArray() : new Uint8Array();
  };
  return async () => {
    await dynamodb.send(new GetCommand(item));
    await s3.send(new PutObjectCommand({ ...object, Body: await read() }));
    await dynamodb.send(new UpdateCommand(update));
    await s3.send(new DeleteObjectCommand({ ...object, VersionId: "version" }));
    await dynamodb.send(new GetCommand(item));
    const original = await read();
    for (const bytes of renditions) {
      await s3.send(new PutObjectCommand({ ...object, Body: original.subarray(0, bytes) }));
    }
    await dynamodb.send(new UpdateCommand(update));
  };
}

if (process.env.BENCH_SERVER) serve();

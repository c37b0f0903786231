import { HeadObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

import { createImageMetadata } from "../../../handlers/aws/imageMetadata";
import { errorName } from "../../../handlers/aws/errorNames";
import { allOf, keysOf, liveOf, manifestFor, renditionKey } from "../../../handlers/protocol/generation";
import { tempKey } from "../../../handlers/protocol/objectName";
import type { RawRecord } from "../../../handlers/records";
import { namesIn, withDeadLetters } from "../redrive/deadLetters";
import { pairsOf } from "../redrive/queues";
import type { Target } from "../support/target";
import { lineText, type LogLine, logLines } from "./logLines";
import { type QueueDepth, queueDepths } from "./queueDepths";

/** All that is known of one name. Times are ISO 8601 in UTC. */
export interface ImageFacts {
  name: string;
  record?: RawRecord;
  /** Of the newest generation and of the live one, the objects that there are and those that are missing. */
  generations: { generation: string; role: "newest" | "live"; present: string[]; missing: string[] }[];
  /** Uploads that wait in the temp bucket, newest first. */
  uploads: { versionId: string; storedAt: string; bytes: number }[];
  deadLetters: { queue: string; cause: string; reason: string; poison: boolean; since: string }[];
  queues: QueueDepth[];
  /** Tries that failed, the last one of each message, as the functions logged them. */
  tries: { function: string; messageId: string; at: string; tries: number; cause: string; lastTry: boolean }[];
  /** Lines of the log that name it, the oldest first. */
  log: string[];
}

/** Lines of each function, at most. */
const MOST_LINES = 20;

/** Looks everything up; changes nothing but that dead letters are hidden while they are read. */
export async function imageFacts(target: Target, name: string, since: number): Promise<ImageFacts> {
  const metadata = createImageMetadata(DynamoDBDocumentClient.from(target.dynamodb), target.imageMetadataTable);
  const record = await metadata.readRaw(name);
  const [generations, uploads, deadLetters, queues, lines] = await Promise.all([
    generationsOf(target, name, record),
    uploadsOf(target, name),
    deadLettersOf(target, name),
    queueDepths(target.sqs, pairsOf(target)),
    logLines(target, { since, containing: name, most: MOST_LINES }),
  ]);
  const log = lines.flatMap((line) => lineText(line) ?? []);
  return { name, ...(record && { record }), generations, uploads, deadLetters, queues, tries: triesIn(lines), log };
}

function triesIn(lines: readonly LogLine[]): ImageFacts["tries"] {
  const last = new Map<string, ImageFacts["tries"][number]>();
  for (const { at, function: name, fields } of lines) {
    const { messageId, receiveCount, cause, lastTry } = fields;
    if (typeof messageId !== "string" || typeof receiveCount !== "number" || typeof cause !== "string") continue;
    const when = new Date(at).toISOString();
    last.set(messageId, { function: name, messageId, at: when, tries: receiveCount, cause, lastTry: lastTry === true });
  }
  return [...last.values()];
}

async function generationsOf(
  target: Target,
  name: string,
  record: RawRecord | undefined,
): Promise<ImageFacts["generations"]> {
  const live = liveOf(record);
  const newest = record?.status === "READY" ? undefined : record;
  const roles = [
    { role: "live" as const, recorded: live },
    { role: "newest" as const, recorded: newest },
  ];
  return Promise.all(
    roles.map(async ({ role, recorded }) => {
      const manifest = manifestFor(recorded);
      if (manifest === undefined) return [];
      const all = keysOf(name, manifest);
      const { generation } = all;
      // A manifest names objects that a generation may do without; what is READY tells its own.
      const made = recorded?.renditions?.map((rendition) => renditionKey(name, generation, rendition));
      const keys = [...new Set(allOf({ ...all, renditions: made ?? all.renditions }))];
      const there = await Promise.all(keys.map((key) => exists(target, key)));
      return [
        { generation, role, present: keys.filter((_, i) => there[i]), missing: keys.filter((_, i) => !there[i]) },
      ];
    }),
  ).then((found) => found.flat());
}

async function exists({ s3, imagesBucket }: Target, key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: imagesBucket, Key: key }));
    return true;
  } catch (error) {
    if (errorName(error) === "NotFound") return false;
    throw error;
  }
}

async function uploadsOf({ s3, tempImagesBucket }: Target, name: string): Promise<ImageFacts["uploads"]> {
  const key = tempKey(name);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: tempImagesBucket, Prefix: key }));
  return Versions.filter((version) => version.Key === key).map(({ VersionId = "", LastModified, Size = 0 }) => ({
    versionId: VersionId,
    storedAt: LastModified?.toISOString() ?? "",
    bytes: Size,
  }));
}

function deadLettersOf(target: Target, name: string): Promise<ImageFacts["deadLetters"]> {
  const pairs = pairsOf(target);
  return withDeadLetters(target.sqs, pairs, (letters) =>
    letters
      .filter(({ body }) => namesIn(body).includes(name))
      .map(({ queue, cause, reason, poison, sentAt }) => ({
        queue: queue.name,
        cause,
        reason,
        poison,
        since: sentAt.toISOString(),
      })),
  );
}

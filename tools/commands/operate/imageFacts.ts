import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

import { createImageMetadata } from "../../../handlers/aws/imageMetadata";
import { decodeListedKey } from "../../../handlers/aws/listedKeys";
import { tempKey } from "../../../handlers/protocol/objectName";
import type { RawRecord } from "../../../handlers/records";
import { namesIn, withDeadLetters } from "../redrive/deadLetters";
import { pairsOf } from "../redrive/queues";
import type { Target } from "../support/target";
import { generationsOf, type GenerationFacts } from "./generationFacts";
import { lineText, type LogLine, logLines } from "./logLines";
import { type QueueDepth, queueDepths } from "./queueDepths";

/** All that is known of one name. Times are ISO 8601 in UTC. */
export interface ImageFacts {
  name: string;
  record?: RawRecord;
  generations: GenerationFacts[];
  /** Uploads that wait in the temp bucket, newest first. */
  uploads: { versionId: string; storedAt: string; bytes: number }[];
  deadLetters: { queue: string; cause: string; reason: string; poison: boolean; since: string }[];
  queues: QueueDepth[];
  /** Tries that failed, the last one of each message, as the functions logged them. */
  tries: { function: string; messageId: string; at: string; tries: number; cause: string; lastTry: boolean }[];
  /** Lines of the log that name it, the oldest first. */
  log: string[];
}

/** Lines of each function about the image, at most; the newest. */
const MOST_LINES = 1000;

/** Looks everything up; changes nothing but that dead letters are hidden while they are read. */
export async function imageFacts(target: Target, name: string, since: number): Promise<ImageFacts> {
  const metadata = createImageMetadata(DynamoDBDocumentClient.from(target.dynamodb), target.imageMetadataTable);
  const record = await metadata.readRaw(name);
  const [generations, uploads, deadLetters, queues, lines] = await Promise.all([
    generationsOf(target, name, record),
    uploadsOf(target, name),
    deadLettersOf(target, name),
    queueDepths(target.sqs, pairsOf(target)),
    logLines(target, { since, image: name, most: MOST_LINES }),
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

async function uploadsOf({ s3, tempImagesBucket }: Target, name: string): Promise<ImageFacts["uploads"]> {
  const key = tempKey(name);
  const { Versions = [] } = await s3.send(
    // Encoded, because XML cannot hold every key.
    new ListObjectVersionsCommand({ Bucket: tempImagesBucket, Prefix: key, EncodingType: "url" }),
  );
  return Versions.filter(({ Key = "" }) => decodeListedKey(Key) === key).map(
    ({ VersionId = "", LastModified, Size = 0 }) => ({
      versionId: VersionId,
      storedAt: LastModified?.toISOString() ?? "",
      bytes: Size,
    }),
  );
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

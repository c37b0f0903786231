// Named, not `* as v`: a namespace object of this package would be serialised whole.
import {
  array,
  boolean,
  getDotPath,
  integer,
  is,
  looseObject,
  nonEmpty,
  number,
  object,
  optional,
  pipe,
  safeParse,
  string,
  union,
  unknown,
  type GenericSchema,
} from "valibot";

import { namedError } from "./errors";
import { decodeEventKey } from "./objectName";
import { imageTypeList } from "../imageSchemas";
import { imageTypesJson } from "../imageTypes";
import type { BackfillMessage, DeleteResolutionBasedImageMessage, PutResolutionBasedImageMessage } from "../records";

/** One upload, as an S3 event announces it. */
export interface UploadEvent {
  /** Decoded. */
  key: string;
  versionId: string;
  /** Padded: compares as text. */
  sequencer: string;
  /** ISO 8601 in UTC. */
  uploadedAt: string;
}
export type S3Notice = { kind: "uploads"; uploads: UploadEvent[] } | { kind: "test" } | { kind: "unknown" };

/**
 * S3 gives sequencers different lengths; padded on the right with zeros to this length they compare as text.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
const SEQUENCER_LENGTH = 32;
export const padSequencer = (sequencer: string): string => sequencer.toUpperCase().padEnd(SEQUENCER_LENGTH, "0");

/**
 * Reads the body of a message that S3 sent. A body that is not an S3 event is `unknown`. An ObjectCreated event without a
 * key, version id or sequencer throws, because an upload waits in the temp bucket.
 */
export function parseS3Notice(body: unknown): S3Notice {
  const envelope = safeParse(looseObject({ Event: optional(string()), Records: optional(array(unknown())) }), body);
  if (!envelope.success) return { kind: "unknown" };
  if (envelope.output.Event === "s3:TestEvent") return { kind: "test" };
  const created = (envelope.output.Records ?? []).filter(
    (record) => is(looseObject({ eventName: string() }), record) && record.eventName.startsWith("ObjectCreated:"),
  );
  if (created.length === 0) return { kind: "unknown" };
  return { kind: "uploads", uploads: created.map(parseUpload) };
}

function parseUpload(record: unknown): UploadEvent {
  const text = pipe(string(), nonEmpty());
  const schema = looseObject({
    eventTime: text,
    s3: looseObject({ object: looseObject({ key: text, versionId: text, sequencer: text }) }),
  });
  const { eventTime, s3 } = parse(schema, record, "an S3 ObjectCreated record");
  return {
    key: decodeEventKey(s3.object.key),
    versionId: s3.object.versionId,
    sequencer: padSequencer(s3.object.sequencer),
    uploadedAt: eventTime,
  };
}

/** The part of an S3 event that is read here. */
export interface S3EventMessage {
  Records: {
    eventName: string;
    eventTime: string;
    s3: { object: { key: string; versionId: string; sequencer: string } };
  }[];
}

/** An event like those of S3, of an upload that the sweep found. */
export function s3EventOf({ key, versionId, sequencer, uploadedAt }: UploadEvent): S3EventMessage {
  const object = { key: encodeURIComponent(key), versionId, sequencer };
  return { Records: [{ eventName: "ObjectCreated:Swept", eventTime: uploadedAt, s3: { object } }] };
}

export function parsePutMessage(body: unknown): PutResolutionBasedImageMessage | BackfillMessage {
  const text = pipe(string(), nonEmpty());
  const upload = object({ original: text, manifest: text, uploadedAt: text });
  const backfill = object({
    original: text,
    generation: text,
    revision: pipe(number(), integer()),
    wanted: imageTypeList(),
    types: optional(array(text)),
    remove: optional(boolean()),
  });
  return parse(union([upload, backfill]), body, "a PutResolutionBasedImage message");
}

/** A backfill's message as it is sent: image types as the configuration has them. */
export const backfillBody = ({ wanted, ...message }: BackfillMessage): string =>
  JSON.stringify({ ...message, wanted: JSON.parse(imageTypesJson(wanted)) as unknown });

export function parseDeleteMessage(body: unknown): DeleteResolutionBasedImageMessage {
  const text = pipe(string(), nonEmpty());
  const either = union([object({ original: text, manifest: text }), object({ original: text, upload: text })]);
  return parse(either, body, "a DeleteResolutionBasedImage message");
}

function parse<Output>(schema: GenericSchema<unknown, Output>, body: unknown, what: string): Output {
  const result = safeParse(schema, body);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw namedError(
    "PoisonMessage",
    `not ${what}: ${getDotPath(issue) ?? "body"}: ${issue.message}; got ${JSON.stringify(body).slice(0, 200)}`,
  );
}

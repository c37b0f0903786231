import type { RecordSet } from "../ports";

/** How many bytes the elements of each set of a record may have. */
export type RecordRoom = Record<RecordSet, number>;

/**
 * DynamoDB refuses an item of more than 400 KB, and writing one costs by its size. A version id of S3 has 32 characters, so
 * that 1,200 fit, as many as two requests delete; a manifest has 53 and those of its renditions: 900 of five image types
 * fit, 120 of twenty with the longest names.
 */
export const RECORD_ROOM: RecordRoom = { superseded: 100_000, cancelled: 40_000 };

/** The bytes of a set in an item, each element with one of overhead. Manifests and version ids are ASCII. */
export const bytesOf = (elements: Iterable<string>): number => {
  let bytes = 0;
  for (const element of elements) bytes += element.length + 1;
  return bytes;
};

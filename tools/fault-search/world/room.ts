import type { RecordRoom } from "../../../handlers/protocol/recordRoom";

/** So small that a few uploads fill it: two manifests of 73 characters, two version ids. */
export const room: RecordRoom = { superseded: 2 * 74, cancelled: 8 };

/**
 * No set of a record may have more bytes. A DELETE adds up to two generations, and where too many uploads wait to name them
 * all the newest one, whatever is there already.
 */
export const mostBytes: RecordRoom = { superseded: 4 * 74, cancelled: 20 };

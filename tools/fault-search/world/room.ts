import { manifestOf } from "../../../handlers/protocol/generation";
import { bytesOf, type RecordRoom } from "../../../handlers/protocol/recordRoom";
import { imageTypes } from "./simulatedImages";

const manifestBytes = bytesOf([manifestOf("0".repeat(48), "jpeg", imageTypes)]);

/** So small that a few uploads fill it: two manifests, two version ids. */
export const room: RecordRoom = { superseded: 2 * manifestBytes, cancelled: 8 };

/**
 * No set of a record may have more bytes. A DELETE adds up to two generations, and where too many uploads wait to name them
 * all the newest one, whatever is there already.
 */
export const mostBytes: RecordRoom = { superseded: 4 * manifestBytes, cancelled: 20 };

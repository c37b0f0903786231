import {
  expiryAfterReading,
  freshMessagesFirst,
  renditionsLast,
  slowerCopyAfterClearing,
  slowerRunLast,
} from "./orders";
import type { Situation } from "./situation";
import { put, remove, times } from "./steps";

/** Deletions, and uploads that they or newer ones beat. */
export const deletions: Situation[] = [
  { name: "no name", parts: [[put("good", "1", "")]] },
  { name: "deleted", parts: [[put("good", "1")], [remove]] },
  { name: "deleted twice", parts: [[put("good", "1")], [remove], [remove]] },
  { name: "deleted and uploaded again", parts: [[put("good", "1")], [remove], [put("good", "2")]] },
  { name: "deleted while the upload waits", parts: [[put("good", "1"), remove]] },
  {
    name: "deleted while more uploads wait than a record can name",
    parts: [[put("good", "1"), put("good", "2"), put("good", "3"), put("good", "4"), remove]],
  },
  {
    name: "a DELETE of more uploads than a record can name that died after it had decided",
    parts: [[put("good", "1"), put("good", "2"), put("good", "3"), put("good", "4"), remove]],
    before: times(1, "RawImageDeleteProcess", "metadata.updateRaw", "killAfter"),
  },
  { name: "deleted, though unknown", parts: [[remove]] },
  {
    name: "cancelled by a DELETE that died",
    parts: [[put("good", "1")], [put("good", "2"), remove]],
    before: times(1, "RawImageDeleteProcess", "metadata.updateRaw", "killAfter"),
  },
  {
    name: "deleted after the upload's run died",
    parts: [[put("good", "1"), remove]],
    next: freshMessagesFirst,
    before: times(1, "RawImagePutProcess", "images.copy", "killAfter"),
  },
  {
    name: "overtaken after the upload's run died",
    parts: [[put("good", "1"), put("good", "2")]],
    before: times(1, "RawImagePutProcess", "images.copy", "killAfter"),
  },
  {
    name: "deleted before a run stored its renditions and died",
    parts: [[put("good", "1"), remove]],
    next: renditionsLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.create", "killAfter"),
  },
  {
    name: "deleted before a run stores its renditions that was slower than another one",
    parts: [[put("good", "1"), remove]],
    next: slowerRunLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.read", "expire"),
    sweeps: true, // where the slower run dies after that, nothing else finds what it stored
  },
  {
    name: "deleted before a run stores the original that was slower than another one",
    parts: [[put("good", "1"), remove]],
    next: slowerCopyAfterClearing,
    before: times(1, "RawImagePutProcess", "temp.read", "expire"),
    sweeps: "after faults",
  },
  {
    name: "a DELETE of whose two messages SQS takes one",
    parts: [[put("good", "1")], [put("hollow", "2")], [remove]],
    before: times(1, "RawImageDeleteProcess", "deleteQueue.send", "partly"),
  },
  {
    name: "deleted again while the deleted record expires and an upload is taken in",
    parts: [[put("good", "1")], [remove], [{ kind: "weeks" }, put("good", "2"), remove]],
    next: expiryAfterReading,
  },
  {
    name: "rejected under stricter limits after its run died",
    parts: [[put("long", "1"), { kind: "redeploy" }]],
    next: freshMessagesFirst,
    before: times(1, "RawImagePutProcess", "images.copy", "killAfter"),
  },
  { name: "poison", parts: [[put("good", "1")]], poison: true },
];

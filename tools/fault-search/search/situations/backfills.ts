import { MAX_RECEIVES } from "../../world/stores/queues";
import { decisionOfDeleteLast, lateAttemptsLast, renditionsLast, slowerRunLast } from "./orders";
import type { Situation } from "./situation";
import { backfill, put, remove, retype, times } from "./steps";

/** Images that are backfilled, and objects that are stored again late. */
export const backfills: Situation[] = [
  { name: "backfilled", parts: [[put("good", "1")], [retype, backfill(true)]] },
  {
    name: "backfilled while another upload is taken in",
    parts: [[put("good", "1")], [retype, backfill(true), put("good", "2")]],
    next: renditionsLast,
  },
  {
    name: "deleted while it is backfilled",
    parts: [[put("good", "1")], [retype, backfill(true), remove]],
    next: renditionsLast,
  },
  {
    name: "deleted by a DELETE that had read the record before a backfill",
    parts: [[put("good", "1")], [retype, backfill(true), remove]],
    next: decisionOfDeleteLast,
  },
  {
    name: "backfilled once more, by a run that dies, after a backfill whose message expired",
    parts: [
      [put("good", "1"), retype, backfill(true)],
      [retype, backfill(true)],
    ],
    next: lateAttemptsLast,
    before: [
      ...times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
      ...times(1, "ResolutionBasedImagePutProcess", "metadata.updateRaw", "killAfter", 2),
    ],
    deadLetters: "expire",
    sweeps: "after faults",
  },
  {
    name: "uploaded again, by a run that dies, after a backfill whose message expired",
    parts: [[put("good", "1"), retype, backfill(true)], [put("good", "2")]],
    next: lateAttemptsLast,
    before: [
      ...times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
      ...times(1, "RawImagePutProcess", "metadata.updateRaw", "killAfter", 1),
    ],
    deadLetters: "expire",
    sweeps: "after faults",
  },
  {
    name: "backfilled once more after a backfill that died",
    parts: [[put("good", "1"), retype, backfill(true), retype, backfill(true)]],
    next: lateAttemptsLast,
    before: times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
  },
  {
    name: "backfilled once more after a backfill that died, by an update that the SDK repeats",
    parts: [[put("good", "1"), retype, backfill(true), retype, backfill(true)]],
    next: lateAttemptsLast,
    before: [
      ...times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
      ...times(1, "ResolutionBasedImagePutProcess", "metadata.updateRaw", "retried", 2),
    ],
  },
  {
    name: "backfilled, and the SDK repeats the last update",
    parts: [[put("good", "1")], [retype, backfill(true)]],
    before: times(1, "ResolutionBasedImagePutProcess", "metadata.updateRaw", "retried", 2),
  },
  {
    name: "uploaded again after a backfill that died",
    parts: [[put("good", "1"), retype, backfill(true), put("good", "2")]],
    next: lateAttemptsLast,
    before: times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
  },
  {
    name: "backfilled before a run stores its renditions that was slower than another one",
    parts: [[put("good", "1"), retype, backfill(true)]],
    next: slowerRunLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.read", "expire"),
    sweeps: true, // where the slower run dies after that, nothing else finds what it stored
  },
  {
    name: "a rendition that is stored again late, after a backfill has replaced it",
    parts: [[put("good", "1"), retype, backfill(true)]],
    next: lateAttemptsLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.create", "again"),
    sweeps: true,
  },
  {
    name: "an original that is stored again late",
    parts: [[put("good", "1"), remove]],
    next: lateAttemptsLast,
    before: times(1, "RawImagePutProcess", "images.copy", "again"),
    sweeps: true,
  },
  {
    name: "a rendition of a damaged image that is stored again late",
    parts: [[put("hollow", "1")]],
    next: lateAttemptsLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.create", "again"),
    sweeps: true,
  },
];

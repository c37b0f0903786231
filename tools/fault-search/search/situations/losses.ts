import { MAX_RECEIVES } from "../../world/stores/queues";
import { deleteLastButItsList } from "./orders";
import type { Situation } from "./situation";
import { put, remove, times } from "./steps";

/** Uploads and messages that got lost, which the sweep finds. */
export const losses: Situation[] = [
  {
    name: "two uploads of which S3 does not tell",
    parts: [[put("good", "1"), put("bad", "2")]],
    untold: [1, 2],
    sweeps: true,
  },
  {
    name: "an upload of which S3 does not tell, begun before S3 had finished the one before it",
    parts: [[put("good", "1"), put("good", "2"), put("good", "3")]],
    untold: [3],
    sweeps: true,
  },
  {
    name: "renditions whose message is a dead letter",
    parts: [[put("good", "1")]],
    before: times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "metadata.readRaw", "killBefore"),
    sweeps: true,
  },
  {
    name: "renditions of a second upload whose message is a dead letter",
    parts: [[put("good", "1")], [put("good", "2")]],
    before: [
      ...times(1, "ResolutionBasedImagePutProcess", "metadata.readRaw", "none"),
      ...times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "metadata.readRaw", "killBefore"),
    ],
    sweeps: true,
  },
  { name: "an image of the first releases", parts: [[put("good", "1")], [{ kind: "unlist" }]], sweeps: true },
  {
    name: "a DELETE that died after it had decided",
    parts: [[put("good", "1")], [put("good", "2"), remove]],
    before: times(1, "RawImageDeleteProcess", "metadata.updateRaw", "killAfter"),
    untold: [2],
    sweeps: true,
  },
  {
    name: "a DELETE that died before it said that nothing is left",
    parts: [[put("good", "1"), remove]],
    before: [
      ...times(2, "RawImageDeleteProcess", "metadata.updateRaw", "none"),
      ...times(1, "RawImageDeleteProcess", "metadata.updateRaw", "killBefore"),
    ],
    sweeps: true,
  },
  {
    name: "deleted by a DELETE that had not listed the upload, which no run could remove",
    parts: [[{ kind: "beside", steps: [remove] }, put("good", "1")], []],
    next: deleteLastButItsList,
    before: times(MAX_RECEIVES, "RawImagePutProcess", "temp.delete", "killBefore"),
    sweeps: true,
  },
  {
    name: "deleted by a DELETE that had not listed the upload, which was rejected and no run could remove",
    parts: [[{ kind: "beside", steps: [remove] }, put("bad", "1")], []],
    next: deleteLastButItsList,
    before: times(MAX_RECEIVES, "RawImagePutProcess", "temp.delete", "killBefore"),
    sweeps: true,
  },
  {
    name: "replaced within a second by an upload, where no run could remove the first",
    parts: [[put("good", "1"), { ...put("good", "2"), pause: 1 }], []],
    before: [
      ...times(1, "RawImagePutProcess", "temp.delete", "killBefore"),
      ...times(MAX_RECEIVES - 1, "RawImagePutProcess", "temp.delete", "killBefore", 1),
    ],
    sweeps: true,
  },
];

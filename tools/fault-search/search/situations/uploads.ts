import { MAX_RECEIVES } from "../../world/stores/queues";
import { newestFirst } from "./orders";
import type { Situation } from "./situation";
import { put, remove, times } from "./steps";

/** Uploads that are taken in, rejected, given up and announced. */
export const uploads: Situation[] = [
  { name: "upload", parts: [[put("good", "1")]] },
  { name: "upload again", parts: [[put("good", "1")], [put("good", "2")]] },
  {
    name: "an upload that fits into several boxes, and is deleted",
    parts: [[put("dot", "1")], [remove]],
  },
  { name: "two uploads, the newer message first", parts: [[put("good", "1"), put("good", "2")]], next: newestFirst },
  { name: "two uploads, the older message first", parts: [[put("good", "1"), put("good", "2")]] },
  { name: "rejected", parts: [[put("bad", "1")]] },
  { name: "rejected over a good image", parts: [[put("good", "1")], [put("bad", "2")]] },
  { name: "rejected for its user metadata", parts: [[put("good", "1")], [put("garbled", "2")]] },
  { name: "undecodable", parts: [[put("hollow", "1")]] },
  {
    name: "undecodable, and the run that found out died",
    parts: [[put("hollow", "1")]],
    before: times(1, "ResolutionBasedImagePutProcess", "metadata.updateRaw", "killAfter"),
  },
  {
    name: "the last try succeeds",
    parts: [[put("good", "1")]],
    before: times(MAX_RECEIVES - 1, "ResolutionBasedImagePutProcess", "images.read", "errorBefore"),
  },
  {
    name: "all that a name can be is announced",
    parts: [[put("good", "1")], [put("hollow", "2")], [put("bad", "3")], [remove], [put("good", "4")]],
    announces: true,
  },
  {
    name: "an image that was given up and is made after all is announced",
    parts: [[put("good", "1")]],
    before: times(MAX_RECEIVES - 1, "ResolutionBasedImagePutProcess", "images.read", "errorBefore"),
    announces: true,
  },
  {
    name: "an image that was given up and is damaged, too, is announced",
    parts: [[put("hollow", "1")]],
    before: times(MAX_RECEIVES - 1, "ResolutionBasedImagePutProcess", "images.read", "errorBefore"),
    announces: true,
  },
  {
    name: "an image is announced to a bus that fails once",
    parts: [[put("good", "1")]],
    before: times(1, "ImageEventProcess", "events.put", "errorBefore"),
    announces: true,
  },
];

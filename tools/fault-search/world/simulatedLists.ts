import type { ListedUpload, Page, SweepLists } from "../../../handlers/ports";
import type { Perform, Stores } from "./simulatedPorts";
import { toTheSecond } from "./stores/tempBucket";

/** Pages are small, so that every sweep turns some. */
const PAGE = 2;

/** The lists of the sweep on simulated stores. */
export function simulatedLists({ temp, images, metadata }: Omit<Stores, "edgeCaches">, perform: Perform): SweepLists {
  return {
    names: (status, after) =>
      perform("lists.names", [status, after], () => pageOf(metadata.listed(status), after, (name) => name)),
    uploads: (after) =>
      perform("lists.uploads", [after], () => {
        const keys = [...new Set(temp.all().map(({ key }) => key))];
        const { entries, next } = pageOf(keys, after, (key) => key);
        const versions = (key: string): ListedUpload[] =>
          temp
            .all()
            .filter((upload) => upload.key === key)
            .map(({ versionId, storedAt }) => ({ key, versionId, storedAt: toTheSecond(storedAt) }))
            .reverse(); // newest first
        return { entries: entries.flatMap(versions), next };
      }),
    images: (after) =>
      perform("lists.images", [after], () => {
        const { entries, next } = pageOf(images.list(""), after, (key) => key);
        const storedAt = (imageId: string) => toTheSecond(images.storedAt(imageId));
        return { entries: entries.map((imageId) => ({ imageId, storedAt: storedAt(imageId) })), next };
      }),
    readPosition: () => perform("lists.readPosition", [], () => ({ ...metadata.position })),
    writePosition: (position) =>
      perform("lists.writePosition", [position], () => void (metadata.position = { ...position })),
  };
}

function pageOf<Entry>(all: Entry[], after: string | undefined, keyOf: (entry: Entry) => string): Page<Entry> {
  const sorted = [...all].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((entry) => keyOf(entry) > after);
  const entries = rest.slice(0, PAGE);
  const last = entries.at(-1);
  return { entries, next: rest.length > PAGE && last !== undefined ? keyOf(last) : undefined };
}

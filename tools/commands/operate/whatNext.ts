import type { ImageFacts } from "./imageFacts";

/**
 * Sentences about what happens next to a name, and what can be done.
 * @param now in milliseconds since 1970
 * @param service the flags that tell which service it is
 */
export function whatNext(facts: ImageFacts, now: number, service: string): string[] {
  const { record, uploads, deadLetters, generations } = facts;
  const sentences: string[] = [];
  const missing = generations.find(({ role, missing }) => role === "live" && missing.length > 0);
  if (missing) {
    sentences.push(`The live generation lacks objects: upload the image again, and look who deleted them.`);
  }
  for (const { queue, cause, poison } of deadLetters) {
    sentences.push(
      poison
        ? `A dead letter in ${queue} cannot be worked on (${cause}): find out who sent it, then delete it.`
        : `A dead letter waits in ${queue}: mend its cause, then \`snail redrive --cause ${cause} --move${service}\`.`,
    );
  }
  if (uploads.length > 0) sentences.push(...ofUploads(facts));
  sentences.push(...ofStatus(facts), ...ofTries(facts, now));
  if (sentences.length > 0) return sentences;
  return record ? ["Nothing is under way."] : ["Nothing is known of this name: no record, no upload, no dead letter."];
}

function ofUploads({ uploads, queues }: ImageFacts): string[] {
  const one = uploads.length === 1 ? "An upload waits" : `${uploads.length} uploads wait`;
  return [
    `${one} for RawImagePutProcess (${busy("PutRawImageQueue", queues)}). ` +
      "Where the message got lost, the sweep sends it again an hour after the upload.",
  ];
}

function ofStatus({ record, queues }: ImageFacts): string[] {
  switch (record?.status) {
    case "PROCESSING":
      return [
        `Its renditions are made by ResolutionBasedImagePutProcess (${busy("PutResolutionBasedImageQueue", queues)}). ` +
          "Where the message got lost, the sweep sends it again an hour after the last change of the record.",
      ];
    case "DELETING":
      return [
        `Its objects are deleted by ResolutionBasedImageDeleteProcess (${busy("DeleteResolutionBasedImageQueue", queues)}). ` +
          "A repeated DELETE finishes it where its function died.",
      ];
    case "FAILED":
      return [
        record.givenUp
          ? "No try succeeded, though the image may be good: a dead letter that is moved back makes it READY."
          : "The original cannot be decoded: upload it again.",
      ];
    case "REJECTED":
      return ["Upload an image that is accepted. The record expires by itself."];
    default:
      return [];
  }
}

/** Tries whose message comes again: after 20 to 60 seconds for each that failed (handlers/aws/retries.ts). */
function ofTries({ tries, deadLetters }: ImageFacts, now: number): string[] {
  return tries.flatMap(({ function: of, at, tries: count, cause, lastTry }) => {
    const [earliest, latest] = [20, 60].map((seconds) => new Date(Date.parse(at) + seconds * count * 1000));
    const isOver = lastTry || deadLetters.some((letter) => letter.cause === cause);
    if (isOver || earliest === undefined || latest === undefined || latest.getTime() <= now) return [];
    const [from, to] = [earliest, latest].map((time) => time.toISOString().replace(/\.\d+/, ""));
    return [`${of} tries again between ${from} and ${to}: try ${count} failed (${cause}).`];
  });
}

function busy(name: string, queues: ImageFacts["queues"]): string {
  const { waiting = 0, inFlight = 0 } = queues.find((queue) => queue.name === name) ?? {};
  return `${name}: ${waiting} waiting, ${inFlight} in flight`;
}

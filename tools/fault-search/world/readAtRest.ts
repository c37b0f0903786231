import { sha256, uploadTag } from "../../../handlers/protocol/generation";
import type { AtRest, Answer } from "../oracle/atRest";
import type { Measured } from "../oracle/renditions";
import { readRendition } from "./simulatedImages";
import { simulatedPorts } from "./simulatedPorts";
import { consumers, type QueueName } from "./stores/queues";
import type { World } from "./world";

/** Reads what a simulated world has stored, for the oracle. */
export async function readAtRest(world: World): Promise<AtRest> {
  const { stores, queues, history } = world;
  const names = new Set([...stores.metadata.names(), ...history.operations.map(({ name }) => name)]);
  const answers = await Promise.all([...names].map((name) => answerOf(world, name)));
  const dead = queues.all.filter(({ state }) => state === "dead");
  return {
    records: stores.metadata.names().flatMap((name) => stores.metadata.raw(name) ?? []),
    objects: stores.images
      .list("")
      .map((key) => ({ key, shows: shownBy(world, key), ...measured(stores.images.read(key) ?? Buffer.alloc(0)) })),
    cached: stores.edgeCaches.list(),
    uploads: stores.temp.all().map(({ key, versionId }) => ({ key, versionId })),
    messages: (Object.keys(consumers) as QueueName[]).map((queue) => ({
      queue,
      count: queues.all.filter((m) => m.queue === queue && (m.state === "visible" || m.state === "inFlight")).length,
    })),
    deadLetters: dead.map(({ queue, body, poison }) => ({
      queue,
      body,
      // The upload of a message expired: no function can work on it any more.
      poison: poison || [...stores.temp.expired].some((id) => body.includes(`"${id}"`)),
      cause: body,
    })),
    poison: queues.all.filter(({ poison }) => poison).map(({ body }) => body),
    answers: answers.flatMap((answer) => answer ?? []),
  };
}

/** The answer of `GET`, asked outside of the schedule. */
export async function answerOf({ stores, options }: World, name: string): Promise<Answer | undefined> {
  const ports = simulatedPorts(
    stores,
    (_name, _about, effect) => Promise.resolve(effect()),
    () => undefined,
  );
  const status = await options.handlers.rawImageGetProcess(ports)(name);
  return (
    status && {
      object: status.object,
      status: status.status,
      reason: status.reason,
      ...("id" in status && {
        metadata: status.metadata,
        focus: status.focus,
        placeholder: status.placeholder,
        dominantColour: status.dominantColour,
        pending: status.pending,
      }),
      renditions: status.renditions.map(({ imageType, imageId }) => ({ imageType, key: imageId })),
    }
  );
}

/** The upload whose bytes an object has, or is rendered from. */
function shownBy({ stores, history }: World, key: string): string | undefined {
  const upload = history.uploadOf((key.split("/").at(-1) ?? "").slice(0, uploadTag("").length))?.upload;
  if (!upload) return undefined;
  const original = originalOf(key, stores.images.read(key) ?? Buffer.alloc(0));
  return original === Buffer.from(upload.body).toString() ? sha256(upload.body) : undefined;
}

/** The text of the original that an object is, or of which it was made; undefined where its format is not that of its key. */
export function originalOf(key: string, body: Uint8Array): string | undefined {
  if (key.startsWith("raw/")) return Buffer.from(body).toString();
  const rendition = readRendition(body);
  return rendition && key.endsWith(`.${rendition.extension}`) ? rendition.original : undefined;
}

/** The measures of an object; pixels of a rendition alone. */
export function measured(body: Uint8Array): Measured {
  const { width, height } = readRendition(body) ?? {};
  return { bytes: body.byteLength, ...(width !== undefined && { width, height }) };
}

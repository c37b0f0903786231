import { sha256, uploadTag } from "../../../handlers/protocol/generation";
import type { AtRest, Answer } from "../oracle/atRest";
import { rendered } from "./simulatedImages";
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
      .map((key) => ({ key, shows: shownBy(world, key), bytes: stores.images.read(key)?.byteLength ?? 0 })),
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
  const [imageType = "", ...rest] = key.split("/");
  const upload = history.uploadOf((rest.at(-1) ?? "").slice(0, uploadTag("").length))?.upload;
  if (!upload) return undefined;
  const expected = imageType === "raw" ? Buffer.from(upload.body).toString() : rendered(upload.body, imageType);
  const body = Buffer.from(stores.images.read(key) ?? []).toString();
  return body === expected ? sha256(upload.body) : undefined;
}

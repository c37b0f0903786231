import { keysOf } from "../../../handlers/protocol/generation";
import { parsePutMessage } from "../../../handlers/protocol/messages";
import { giveUp } from "../../../handlers/protocol/resolutionBasedImagePutProcess";
import type { ImageMetadata } from "../../../handlers/ports";
import { type DeadLetter, isOfRenditions, namesIn } from "./deadLetters";

/**
 * Concludes FAILED what a letter about renditions leaves PROCESSING, by the step with which a last try begins: `GET` tells it,
 * and a delivery that succeeds all the same makes the image READY. Any other letter, and one of an older generation, changes
 * nothing.
 */
export async function giveUpOn(metadata: ImageMetadata, letter: DeadLetter): Promise<void> {
  if (!isOfRenditions(letter)) return;
  const [name] = namesIn(letter.body);
  const record = name === undefined ? undefined : await metadata.readRaw(name);
  if (record?.status !== "PROCESSING" || (generationIn(letter.body) ?? record.generation) !== record.generation) return;
  const nothing = (): void => undefined;
  await giveUp(
    { metadata, clock: { now: Date.now }, journal: { finished: nothing, note: nothing, failed: nothing } },
    record,
  );
}

/** Undefined where the message cannot be read. */
function generationIn(body: string): string | undefined {
  try {
    const message = parsePutMessage(JSON.parse(body));
    return "manifest" in message ? keysOf(message.original, message.manifest).generation : message.generation;
  } catch {
    return undefined;
  }
}

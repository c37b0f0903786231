import type { Answer, DecoderPorts, DecoderProcess, Order, SentRendition } from "../../../handlers/image/watch";
import type { Rendition } from "../../../handlers/imagePorts";
import { decoderLimits } from "../../../handlers/imageTypes";
import { sha256 } from "../../../handlers/protocol/generation";
import { makeRenditions } from "./simulatedImages";
import type { World } from "./world";

/** Faults of the decoder's process while it works on an original. */
export const decoderFaults = ["none", "dies first", "dies between", "hangs", "answers twice"] as const;

/** The decoder's processes of one run: an original may end one or keep it busy for ever, and so may chance. */
export function simulatedDecoder(world: World): DecoderPorts {
  return { start: () => startProcess(world), pause: () => Promise.resolve(), now: () => 0 };
}

function startProcess(world: World): DecoderProcess {
  const answers: (Answer | undefined)[] = [{ id: 0, ready: true }];
  let cpuMs = 0;
  let ended = false;
  let wake: () => void = () => undefined;
  const tell = (...each: (Answer | undefined)[]): void => {
    if (ended) return;
    answers.push(...each);
    ended = each.includes(undefined);
    wake();
  };
  const decode = async ({ id, specs, focus }: Order, original: Uint8Array): Promise<void> => {
    const text = Buffer.from(original).toString();
    const fault = text.startsWith("deadly")
      ? "dies between"
      : text.startsWith("endless")
        ? "hangs"
        : world.decoderFault();
    if (fault !== "none") world.note(undefined, `the decoder ${fault}`);
    if (fault.startsWith("dies") || fault === "hangs") world.undecoded.add(sha256(original));
    if (fault === "dies first") {
      tell(undefined);
      return;
    }
    if (fault === "hangs") return void (cpuMs += decoderLimits.animated.cpuMs + 1);
    const made: Rendition[] = [];
    const rendered = await makeRenditions(original, specs, async (each) => void made.push(each), focus);
    const renditions = made.map(({ spec, sameAs, ...each }): Answer => {
      const rendition: SentRendition = { ...each, spec: specs.indexOf(spec) };
      return { id, rendition: sameAs ? { ...rendition, sameAs: specs.indexOf(sameAs) } : rendition };
    });
    if (fault === "dies between") {
      tell(...renditions.slice(0, 1), undefined);
      return;
    }
    tell(...renditions, { id, rendered });
    if (fault === "answers twice") tell(...renditions, { id, rendered });
  };
  return {
    send: (order, original) => void decode(order, original),
    async next() {
      while (answers.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      return answers.shift();
    },
    usage: () => ({ cpuMs, memoryMiB: 0 }),
    kill: () => tell(undefined),
  };
}

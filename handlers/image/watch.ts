import type { MakeRenditions, Rendered, Rendition } from "../imagePorts";
import { decoderLimits, type RenditionSpec } from "../imageTypes";
import type { Focus } from "../records";

/** One original for the decoder. Its bytes are passed beside it. */
export interface Order {
  id: number;
  specs: RenditionSpec[];
  focus: Focus | undefined;
}

/** A rendition as the decoder sends it: with the places of its image types in the order. */
export type SentRendition = Omit<Rendition, "spec" | "sameAs"> & { spec: number; sameAs?: number };

/** A message of the decoder: it is ready, or what it made for the order with this id. */
export type Answer = { id: number } & (
  { ready: true } | { rendition: SentRendition } | { rendered: Rendered } | { error: { name: string; message: string } }
);

/** A process that decodes one original at a time. */
export interface DecoderProcess {
  send(order: Order, original: Uint8Array): void;
  /** Resolves with the next message, or with undefined once the process has ended. */
  next(): Promise<Answer | undefined>;
  /** Since its start; undefined where the system does not report it. */
  usage(): Usage | undefined;
  kill(): void;
}
/** User and system time, and resident memory. */
export interface Usage {
  cpuMs: number;
  memoryMiB: number;
}
export interface DecoderPorts {
  start(): DecoderProcess;
  /** Waits until the process is to be looked at again. */
  pause(): Promise<void>;
  now(): number;
}

/** Reasons for the uploader where the decoder was stopped, or ended by itself. */
const stopped = {
  "decoder-cpu": "it takes too much processor time. Send it scaled down, or save it again as a plain JPEG or PNG.",
  "decoder-time": "it takes too long. Send it scaled down, or save it again as a plain JPEG or PNG.",
  "decoder-memory": "it takes too much memory. Send it scaled down, or save it again as a plain JPEG or PNG.",
  "decoder-crash": "the decoder crashed on it. Save it again as a plain JPEG or PNG.",
};
type Stop = keyof typeof stopped;

/** MiB. A process that still holds more after an original is replaced: it would count against the next one. */
const KEPT_MIB = 256;

/**
 * Makes renditions in a process of its own, which decodes one original at a time and is replaced when it was stopped or
 * ended. An original beyond the limits, or one that ends the process, resolves as undecodable. Rejects where the process
 * cannot start, where it reports an error that is not the original's, and where a store fails.
 */
export function watchedDecoder(ports: DecoderPorts, limits = decoderLimits): MakeRenditions {
  let ids = 0;
  const startProcess = async (): Promise<DecoderProcess> => {
    const process = ports.start();
    if (!(await process.next())) throw new Error("the decoder's process ended before it was ready");
    return process;
  };
  let current: Promise<DecoderProcess> | undefined = startProcess();
  current.catch(() => undefined); // the first original reports it
  let turn: Promise<unknown> = Promise.resolve();

  const decode = async (
    original: Uint8Array,
    specs: RenditionSpec[],
    focus: Focus | undefined,
    onRendition: (rendition: Rendition) => void,
  ): Promise<Rendered> => {
    const starting = (current ??= startProcess());
    current = undefined; // until it is known to be fit for another original
    const process = await starting;
    const id = ++ids;
    let stop: Stop = "decoder-crash";
    let [working, isFit] = [true, false];
    const before = process.usage();
    const startedAt = ports.now();
    const most = {
      memoryMiB: limits.memoryMiB,
      ...limits[specs.some(({ animated }) => animated) ? "animated" : "still"],
    };
    const watch = async (): Promise<void> => {
      for (;;) {
        await ports.pause();
        if (!working) return;
        const over = excess(most, ports.now() - startedAt, process.usage(), before);
        if (over === undefined) continue;
        stop = over;
        process.kill();
        return;
      }
    };
    void watch();
    try {
      process.send({ id, specs, focus }, original);
      for (;;) {
        const answer = await process.next();
        if (!answer) return { undecodable: `The image cannot be decoded: ${stopped[stop]}`, cause: stop };
        if (answer.id !== id || "ready" in answer) continue; // a late answer about an earlier original
        if ("rendition" in answer) {
          const { spec, sameAs = -1, ...made } = answer.rendition;
          const [own, other] = [specs[spec], specs[sameAs]];
          if (own) onRendition({ ...made, spec: own, ...(other && { sameAs: other }) });
          continue;
        }
        isFit = (process.usage()?.memoryMiB ?? 0) < KEPT_MIB;
        if ("error" in answer) throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
        return answer.rendered;
      }
    } finally {
      working = false;
      if (isFit) current = starting;
      else process.kill();
    }
  };

  return async (original, specs, store, focus) => {
    const stores: Promise<void>[] = [];
    const decoded = turn.then(() => decode(original, specs, focus, (rendition) => stores.push(store(rendition))));
    turn = decoded.catch(() => undefined);
    try {
      const rendered = await decoded;
      await Promise.all(stores);
      return rendered;
    } finally {
      // Even when something failed: what is still being stored after the answer could turn up when all is cleared away.
      await Promise.allSettled(stores);
    }
  };
}

/** The first limit that is exceeded. Where the system does not report usage, elapsed time is the only one. */
function excess(
  most: Usage & { elapsedMs: number },
  elapsedMs: number,
  usage: Usage | undefined,
  before: Usage | undefined,
): Stop | undefined {
  if (usage && usage.cpuMs - (before?.cpuMs ?? 0) > most.cpuMs) return "decoder-cpu";
  if (usage && usage.memoryMiB > most.memoryMiB) return "decoder-memory";
  return elapsedMs > most.elapsedMs ? "decoder-time" : undefined;
}

import type { Hello, ImageDetails, PartDetails, PipelineNow, ShownCause, ShownImage, ShownLine } from "../shapes.ts";

/** One file on its way to the service. */
export interface Upload {
  id: number;
  name: string;
  bytes: number;
  /** Bytes that have left the browser. */
  sent: number;
  state: "waiting" | "sending" | "sent" | "failed";
  error?: string;
}

interface State {
  /** False while the service does not answer: it is being restarted, or has ended. */
  connected: boolean;
  service?: Omit<Hello, "images" | "pipeline">;
  pipeline?: PipelineNow;
  /** Parts of the pipeline at which something has just happened. */
  moved: ReadonlySet<string>;
  /** Whether the pipeline is shown in place of images. */
  showsPipeline: boolean;
  /** The part of the pipeline that is looked at. */
  part?: Partial<PartDetails> & { name: string };
  /** Dead letters by cause, and the queues' numbers of them when they were read. */
  deadLetters?: ShownCause[];
  seenDead?: string;
  /** The function that faults are to strike. */
  victim?: string;
  images: Map<string, ShownImage>;
  uploads: Upload[];
  /** The newest lines of the functions, the last one first. */
  lines: ShownLine[];
  /** The image whose page is open. */
  details?: Partial<ImageDetails> & { name: string };
  /** Filters the gallery. */
  filter: string;
  /** How many images the gallery shows at most. */
  most: number;
  /** The outcome of the last action, read aloud by screen readers. */
  notice: string;
}

export const state: State = {
  connected: false,
  moved: new Set(),
  showsPipeline: false,
  images: new Map(),
  uploads: [],
  lines: [],
  filter: "",
  most: 200,
  notice: "",
};

const listeners = new Set<() => void>();
let planned = false;

/** Changes the state; what is shown follows, once for many changes. */
export function change(values: Partial<State> = {}): void {
  Object.assign(state, values);
  if (planned) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    for (const listener of listeners) listener();
  }, 30);
}

/** Calls `listener` after changes. */
export function onChange(listener: () => void): void {
  listeners.add(listener);
}

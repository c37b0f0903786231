/** The shapes that the console's server sends to its page. Times are ISO 8601 in UTC. This file imports nothing: the browser reads it too. */

export interface ShownRendition {
  imageType: string;
  format: string;
  bytes: number;
  /** Pixels. */
  width: number;
  height: number;
}

/** An image as `GET /raw/{object}` returns it, without URLs. */
export interface ShownImage {
  name: string;
  status: string;
  reason?: string;
  pending?: { status: string; reason?: string };
  generation?: string;
  format?: string;
  bytes?: number;
  width?: number;
  height?: number;
  metadata?: Record<string, unknown>;
  focus?: { x: number; y: number };
  /** A ThumbHash in Base64. */
  placeholder?: string;
  /** Empty in a list. */
  renditions: ShownRendition[];
  createdAt?: string;
  updatedAt?: string;
}

/** A structured line that a function logged, or of an API's access log. */
export interface ShownLine {
  time: string;
  /** The part's name in the diagram. */
  from: string;
  /** `INFO`, `WARN`, `ERROR` … */
  level: string;
  text: string;
  /** The image that it is about. */
  name?: string;
}

/** The first event of each connection: everything that the page needs to begin, or to begin again. */
export interface Hello {
  stack: string;
  images: ShownImage[];
  /** Extensions of names that the service accepts, without a dot. */
  extensions: string[];
  maxBytes: number;
  graph: Graph;
  pipeline: PipelineNow;
}

/** One image's page. */
export interface ImageDetails {
  /** Undefined where nothing is known of the name. */
  image?: ShownImage;
  /** The lines about it, oldest first. */
  history: ShownLine[];
}

/** A part of the service, by its logical name. */
export interface Part {
  name: string;
  kind: "api" | "schedule" | "bucket" | "queue" | "function" | "table" | "bus" | "distribution";
  /** Of a schedule: when it runs, such as `rate(1 hour)`. */
  about?: string;
  /** Where it is drawn, 0 to 5 from the left. */
  column: number;
  /** Where it is drawn from the top; between two rows too. */
  row: number;
}
/** Data goes from one part to another. */
export interface Edge {
  from: string;
  to: string;
}
export interface Graph {
  parts: Part[];
  edges: Edge[];
}

/** The state of the pipeline at one moment, by the parts' names. */
export interface PipelineNow {
  /** Numbers of messages. */
  queues: Record<string, { waiting: number; inFlight: number; dead: number }>;
  /** Numbers of dead letters. */
  buses: Record<string, { dead: number }>;
  /** How many invocations run, how many have ended in this run, and how long the last one took. */
  functions: Record<string, { busy: number; ended: number; lastMs?: number }>;
  /** How many requests were answered in this run, and the last one's answer. */
  apis: Record<string, { requests: number; lastStatus?: string; lastMs?: string }>;
  /** The newest first. */
  denied: Denial[];
  faults: FaultsNow;
}
/** A call that no policy allows. */
export interface Denial {
  time: string;
  /** The function or API, or another caller's ARN. */
  by: string;
  action: string;
  resource: string;
  /** The part that the resource belongs to. */
  at?: string;
}

/** A fault that the page can order; `poison` is a message that cannot be read. */
export type OrderedFault = "throttle" | "kill" | "answer" | "duplicate" | "poison";

export interface FaultsNow {
  /** Functions that a fault can be ordered for. */
  functions: string[];
  /** Ordered, and not struck yet as often as they are to; `at` is a part. */
  ordered: { kind: string; at: string; times: number }[];
  /** Those that struck, the newest first. */
  struck: { time: string; kind: string; at?: string; call?: string }[];
}

/** Dead letters of one queue with the same cause. */
export interface ShownCause {
  queue: string;
  cause: string;
  /** The whole error of one of them. */
  reason: string;
  /** The body of one of them. */
  example: string;
  letters: number;
  /** When the oldest was sent. */
  since: string;
  /** No retry can succeed, so that they are not moved back. */
  poison: boolean;
  mayBeDeleted: boolean;
}

export interface PartDetails {
  /** As the program declares them: of the part itself, and of the resources that belong to it. */
  settings: { name: string; values: Record<string, unknown> }[];
  policies: { name: string; document: object }[];
  /** The newest lines of its log, the last one first; undefined where it has no log. */
  lines?: ShownLine[];
}

/** Events of `/events`, by their name. */
export interface ConsoleEvents {
  hello: Hello;
  image: ShownImage;
  line: ShownLine;
  pipeline: PipelineNow;
}

/** The image API, called as its client. An error has the answer's `status`. The page itself has no keys. */
export interface ConsoleApi {
  /** The answer of `GET /raw/{object}`. */
  get(name: string): Promise<object>;
  delete(name: string): Promise<unknown>;
  upload(name: string, file: Blob): Promise<unknown>;
}

/** The dead letters of all queues. */
export interface ConsoleDeadLetters {
  /** By queue and cause, the largest group first. */
  list(): Promise<ShownCause[]>;
  /** Moves those of a cause back to their queue, or deletes them, as far as that is wise. Resolves with their number. */
  settle(queue: string, cause: string, act: "move" | "delete"): Promise<number>;
}

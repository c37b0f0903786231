/** The shapes that the console's server sends to its page. Times are ISO 8601 in UTC. This file imports nothing: the browser reads it too. */

export interface ShownRendition {
  imageType: string;
  format: string;
  bytes: number;
  /** Pixels. */
  width: number;
  height: number;
}

/** An image as `GET /raw/{object}` tells it, without URLs. */
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

/** A structured line that a function logged. */
export interface ShownLine {
  time: string;
  /** The function's name in the diagram. */
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
  kind: "bucket" | "queue" | "function" | "table" | "bus";
  /** Where it is drawn, 0 to 3 from the left. */
  column: number;
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
  /** How many invocations run, and how long the last one took. */
  functions: Record<string, { busy: number; lastMs?: number }>;
  /** The newest first. */
  denied: Denial[];
  faults: FaultsNow;
}
/** A call that no policy allows. */
export interface Denial {
  time: string;
  /** The function, or another caller's ARN. */
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
  /** As the program declares them. */
  settings: Record<string, unknown>;
  policies: { name: string; document: object }[];
}

/** Events of `/events`, by their name. */
export interface ConsoleEvents {
  hello: Hello;
  image: ShownImage;
  line: ShownLine;
  pipeline: PipelineNow;
}

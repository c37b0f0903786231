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
}

/** One image's page. */
export interface ImageDetails {
  /** Undefined where nothing is known of the name. */
  image?: ShownImage;
  /** The lines about it, oldest first. */
  history: ShownLine[];
}

/** Events of `/events`, by their name. */
export interface ConsoleEvents {
  hello: Hello;
  image: ShownImage;
  line: ShownLine;
}

import { ImageApi, type Answer, type CallOptions } from "./imageApi";
import type { Target } from "../support/target";

export type { Answer } from "./imageApi";

/** The beginning of every name that a verification uploads. */
export const NAME_PREFIX = "snail-verify-";

/** Remembers each name that it uploads. */
export class ImageApiClient extends ImageApi {
  /** Names that may be stored. */
  readonly names = new Set<string>();

  /** @param run what tells the names of this run from those of others */
  constructor(
    target: Target,
    readonly run: string,
  ) {
    super(target);
  }

  /** A name of this run. @param rest its end, with the extension of an image */
  name(rest: string): string {
    return `${NAME_PREFIX}${this.run}-${rest}`;
  }

  override put(name: string, body: Uint8Array): Promise<Answer> {
    this.names.add(name);
    return super.put(name, body);
  }

  override grant(request: { object: string }, options?: CallOptions): Promise<Answer> {
    this.names.add(request.object);
    return super.grant(request, options);
  }
}

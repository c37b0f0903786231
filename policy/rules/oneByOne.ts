import { NotKnown } from "../model/resource";
import type { Problem } from "./rule";

/**
 * The problems of several things, each of which is right or wrong by itself: an unknown one does not keep those behind it
 * from being checked.
 * @throws NotKnown at the end, for the first one that is unknown
 */
export function* oneByOne<T>(things: Iterable<T>, check: (thing: T) => Iterable<Problem>): Iterable<Problem> {
  let unknown: NotKnown | undefined;
  for (const thing of things)
    try {
      yield* check(thing);
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      unknown ??= error;
    }
  if (unknown) throw unknown;
}

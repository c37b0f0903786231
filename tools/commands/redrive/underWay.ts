import type { QueueDepth } from "../operate/queueDepths";

/**
 * Messages that are not dead letters yet. SQS counts them, and tells the tries of one only to a receiver, which would take one
 * of its tries: the functions' logs have them.
 */
export const underWay = (depths: readonly QueueDepth[]): string[] =>
  depths
    .filter(({ waiting, inFlight }) => waiting + inFlight > 0)
    .map(
      ({ name, waiting, inFlight }) =>
        `${name}: ${waiting} waiting, ${inFlight} in flight (at work, or failed and to be tried again)`,
    );

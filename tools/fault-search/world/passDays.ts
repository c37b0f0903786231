import type { World } from "./world";

const DAY_MS = 24 * 60 * 60 * 1000;
/** In a queue and its dead-letter queue. */
const DAYS_OF_A_MESSAGE = 18;

/** Time passes. DynamoDB removes what expired by then, each record at any later moment. */
export function passDays(world: World, days: number): void {
  world.pass(days * DAY_MS);
  world.note(undefined, `${days} days pass`);
  if (days > DAYS_OF_A_MESSAGE) world.sent.clear(); // none of them can be delivered any more
  const { step } = world;
  for (const name of world.stores.metadata.expired(world.now())) {
    const perform = world.performFor(world.newActor("timeToLive"));
    void perform("timeToLive", [name], () => {
      world.stores.metadata.expire(name, world.now());
      world.oracle.forget();
      if (!world.stores.metadata.raw(name)) world.history.forget(name, step);
    });
  }
}

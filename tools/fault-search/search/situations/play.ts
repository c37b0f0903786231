import type { Call } from "../../world/actors";
import { runClient } from "../../world/clients";
import type { Handlers } from "../../world/deployedHandlers";
import type { Trace } from "../../world/trace";
import { World } from "../../world/world";
import { seededChoices } from "../choices";
import { applicable, type Fault, type FaultModel } from "../faultModel";
import { conclude, live, type Outcome } from "../runSchedule";
import type { Situation } from "./situation";

/** Plays a situation. `faultOf` adds faults by the number of the call, from 0; clients' calls are not counted. */
export async function play(
  situation: Situation,
  handlers: Handlers,
  {
    faultOf,
    observe,
    trace,
  }: { faultOf?: (index: number, call: Call) => Fault; observe?: (call: Call) => void; trace?: Trace } = {},
): Promise<Outcome & { calls: number }> {
  let calls = 0;
  let uploads = 0;
  const waiting = [...(situation.before ?? [])];
  const faults: FaultModel = {
    copies: () => 0,
    decoder: () => 0,
    loses: () => situation.untold?.includes(++uploads) ?? false,
    of(call) {
      if (call.actor.functionName === "client" || call.actor.state !== "live") return "none";
      const story = waiting.findIndex(
        (fault) => fault.functionName === call.actor.functionName && fault.call === call.name,
      );
      const told = story >= 0 ? waiting.splice(story, 1)[0]?.fault : undefined;
      calls += 1;
      const added = faultOf?.(calls - 1, call) ?? "none";
      return told ?? (applicable(added, call) ? added : "none");
    },
  };
  const strategy = situation.next ?? ((): number => 0);
  const choices = seededChoices(0, situation.name);
  const { announces } = situation;
  const world = new World({
    handlers,
    choices,
    strategy,
    faults,
    batch: 1,
    announces,
    backfills: true,
    trace,
    observe,
  });
  const outcome = await conclude(world, async () => {
    if (situation.poison) world.send("DeleteResolutionBasedImageQueue", "null", { poison: true });
    world.changed("unreadable", { before: undefined, after: undefined, unreadable: true });
    const last = situation.parts.at(-1) ?? [];
    for (const part of situation.parts.slice(0, -1)) {
      runClient(world, part).catch((error: unknown) => world.fail(error as Error));
      await world.drain();
    }
    const sweeps = situation.sweeps === "after faults" ? faultOf !== undefined : situation.sweeps;
    await live(world, [last], { sweeps, deadLetters: situation.deadLetters });
  });
  return { ...outcome, calls };
}

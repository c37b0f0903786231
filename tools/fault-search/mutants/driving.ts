import { handlers, type Handlers } from "../world/deployedHandlers";
import type { Mutant } from "./mutant";

type PerMessage = Handlers["perMessage"];

function driving(
  about: Omit<Mutant, "load">,
  change: (perMessage: PerMessage, strike: () => void) => PerMessage,
): Mutant {
  return { ...about, load: (strike) => ({ ...handlers, perMessage: change(handlers.perMessage, strike) }) };
}

/** Mistakes in the driver that runs a function once per message. */
export const drivingMutants: Mutant[] = [
  driving(
    { name: "failures-unreported", mistake: "a failed message counts as finished" },
    (perMessage, strike) => (work, options) => {
      const invoke = perMessage(work, options);
      return async (event) => {
        const { batchItemFailures } = await invoke(event);
        if (batchItemFailures.length > 0) strike();
        return { batchItemFailures: [] };
      };
    },
  ),
];

import type { Fixture } from "../fixture";
import { accepted } from "./noLoop/accepted";
import { refused } from "./noLoop/refused";
import { stack } from "./noLoop/stack";

/** Fixtures of the rules that follow the whole graph, by the rule's name. */
export const graph: Record<string, Fixture> = {
  "no-loop": { good: stack, bad: refused, fine: accepted },
};

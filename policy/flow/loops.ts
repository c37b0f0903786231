import { FUNCTION } from "../model/awsTypes";
import type { Graph } from "../model/graph";
import { NotKnown, type Resource } from "../model/resource";
import { calls } from "./calls";
import { delivered, rules } from "./events";
import { linked, redriven } from "./links";
import { notifications, replication } from "./objects";
import { at, attempt, keyOf, labelOf, type Follower, type Place, type Step } from "./place";

/** All that can make one place work after another, one follower for each way. */
const followers: readonly Follower[] = [calls, linked, redriven, notifications, replication, rules, delivered];

/** The loops that begin at a function, and what could not be read on the way. */
export interface Loops {
  /** `function resize → objects in bucket photos (s3:PutObject by policy resize-put) → … → function resize (uploads-mapping)` */
  chains: readonly string[];
  unknown: readonly NotKnown[];
}

const found = new WeakMap<Graph, ReadonlyMap<Resource, Loops>>();

/**
 * The shortest way from a function back to itself, if there is one. A loop through several functions belongs to the first
 * of them in the stack.
 */
export function loopsFrom(graph: Graph, lambda: Resource): Loops {
  const loops = found.get(graph) ?? allLoops(graph);
  found.set(graph, loops);
  return loops.get(lambda) ?? { chains: [], unknown: [] };
}

function allLoops(graph: Graph): ReadonlyMap<Resource, Loops> {
  const stepsFrom = stepsOf(graph);
  const reported = new Set<string>();
  return new Map(
    graph.all(FUNCTION).map((lambda): [Resource, Loops] => {
      const unknown = new Map<string, NotKnown>();
      const chains = [at(lambda), at(lambda, true)].flatMap((start) => {
        const loop = wayBack(start, stepsFrom, unknown);
        if (loop === undefined) return [];
        const members = loop
          .map(({ to }) => labelOf(to))
          .sort()
          .join();
        if (reported.has(members)) return [];
        reported.add(members);
        return [[labelOf(start), ...loop.map(({ to, by }) => `${labelOf(to)} (${by})`)].join(" → ")];
      });
      return [lambda, { chains, unknown: [...unknown.values()] }];
    }),
  );
}

type Steps = (place: Place) => readonly (Step | NotKnown)[];

/** The steps from each place, looked for once. */
function stepsOf(graph: Graph): Steps {
  const known = new Map<string, (Step | NotKnown)[]>();
  return (place) => {
    const key = keyOf(place);
    const steps = known.get(key) ?? followers.flatMap((follow) => [...attempt(() => follow(graph, place))]);
    known.set(key, steps);
    return steps;
  };
}

/** A shortest way from a place back to it, breadth first. */
function wayBack(start: Place, stepsFrom: Steps, unknown: Map<string, NotKnown>): Step[] | undefined {
  const goal = keyOf(start);
  const seen = new Set<string>();
  let ways: Step[][] = [[]];
  while (ways.length > 0) {
    const longer: Step[][] = [];
    for (const way of ways)
      for (const step of stepsFrom(way.at(-1)?.to ?? start)) {
        if (step instanceof NotKnown) {
          unknown.set(step.message, step);
          continue;
        }
        const key = keyOf(step.to);
        if (key === goal) return [...way, step];
        if (seen.has(key)) continue;
        seen.add(key);
        longer.push([...way, step]);
      }
    ways = longer;
  }
  return undefined;
}

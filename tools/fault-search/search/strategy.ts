import { ownerOf, type Task } from "../world/actors";
import type { Random } from "./random";

/** Proposes which task goes next. */
export type Strategy = (tasks: Task[], random: Random) => number;

/**
 * Schedules differ in character: evenly mixed ones find common races, long undisturbed stretches find the races that
 * need one party to finish much while another waits, and priorities that seldom change starve one party for long.
 */
export function drawStrategy(random: Random): Strategy {
  const stays = random.of([0, 0, 0.5, 0.9]);
  return random.chance(0.5) ? sticky(stays) : prioritised(random.of([0.01, 0.05, 0.15]));
}

function sticky(stays: number): Strategy {
  return (tasks, random) => (random.chance(stays) ? 0 : random.below(tasks.length));
}

function prioritised(change: number): Strategy {
  const priorities = new Map<number, number>();
  return (tasks, random) => {
    let best = 0;
    let highest = -1;
    tasks.forEach((task, index) => {
      const owner = ownerOf(task);
      let priority = priorities.get(owner);
      if (priority === undefined) {
        priority = random.next();
        priorities.set(owner, priority);
      }
      if (priority > highest) {
        highest = priority;
        best = index;
      }
    });
    const chosen = tasks[best];
    if (chosen && random.chance(change)) priorities.set(ownerOf(chosen), random.below(1000));
    return best;
  };
}

import { ownerOf, type Task } from "../world/actors";
import { seededChoices } from "./choices";
import { runClient, type Step } from "../world/clients";
import type { Handlers } from "../world/deployedHandlers";
import { conclude, live } from "./runSchedule";
import type { UploadKind } from "../world/simulatedImages";
import { World } from "../world/world";

/** Uploads of one name whose messages wait, and DELETEs that come among them: at most five in all. */
const sets: { uploads: UploadKind[]; deletes: number; copies: number }[] = [
  { uploads: ["good", "good", "good", "good", "good"], deletes: 0, copies: 1 },
  { uploads: ["good", "bad", "good", "hollow", "bad"], deletes: 0, copies: 1 },
  { uploads: ["good", "good", "bad", "good"], deletes: 1, copies: 1 },
  { uploads: ["good", "bad", "good"], deletes: 2, copies: 1 },
  { uploads: ["good", "good"], deletes: 0, copies: 2 },
  { uploads: ["good"], deletes: 0, copies: 3 },
  { uploads: ["good", "bad"], deletes: 1, copies: 2 },
];
/** When the messages that an upload causes are delivered: at once, or after all uploads; or all runs interleave. */
const manners = ["eager", "late", "interleaved"] as const;
type Manner = (typeof manners)[number];

/** Delivers the messages of a name in every order. */
export async function tryEveryOrder(handlers: Handlers): Promise<{ schedules: number; violations: string[] }> {
  const report = { schedules: 0, violations: [] as string[] };
  for (const { uploads, deletes, copies } of sets) {
    for (const order of permutationsOf(uploads.length * copies + deletes)) {
      for (const manner of manners) {
        const puts = uploads.map((upload, i): Step => ({ kind: "put", name: "a.jpg", upload, tag: String(i) }));
        const removals = Array.from({ length: deletes }, (): Step[] => [{ kind: "delete", name: "a.jpg" }]);
        const world = new World({
          handlers,
          choices: seededChoices(0, ""),
          batch: 1,
          strategy: inOrder(order, manner, uploads.length * copies),
          faults: { of: () => "none", copies: () => copies - 1, loses: () => false, decoder: () => 0 },
        });
        const { violation } = await conclude(world, async () => {
          runClient(world, puts).catch((error: unknown) => world.fail(error as Error));
          await live(world, removals);
        });
        report.schedules += 1;
        const what = `${uploads.join(" ")} ×${copies}, ${deletes} DELETEs, order ${order.join(" ")}, ${manner}`;
        if (violation) report.violations.push(`${what}: ${violation.message}`);
      }
    }
  }
  return report;
}

/** Uploads come first; then message or DELETE number n has its turn where the order says so. */
function inOrder(order: number[], manner: Manner, messages: number) {
  const newcomers = new Map<number, number>();
  let turn = 0;
  const rank = (task: Task): number => {
    if (task.kind === "call" && task.call.name === "PUT") return -3;
    if (task.kind === "call" && task.call.actor.functionName !== "client") return manner === "interleaved" ? 100 : -2;
    const owner = ownerOf(task);
    if (task.kind === "delivery" && task.message.id > messages) return manner === "eager" ? -1 : 200;
    if (task.kind === "delivery") return order.indexOf(task.message.id - 1);
    const known = newcomers.get(owner) ?? messages + newcomers.size;
    newcomers.set(owner, known);
    return order.indexOf(known);
  };
  return (tasks: Task[]): number => {
    const ranks = tasks.map(rank);
    const best = Math.min(...ranks);
    // Interleaved: those under way take turns.
    const equals = ranks.flatMap((value, index) => (value === best ? [index] : []));
    turn += 1;
    return equals[manner === "interleaved" ? turn % equals.length : 0] ?? 0;
  };
}

function permutationsOf(n: number): number[][] {
  if (n === 0) return [[]];
  return permutationsOf(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)]),
  );
}

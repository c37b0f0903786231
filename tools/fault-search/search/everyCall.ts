import type { Call } from "../world/actors";
import { callSites, currentSite } from "./callSites";
import type { Fault } from "./faultModel";
import type { Handlers } from "../world/deployedHandlers";
import { play, situations, type Situation } from "./situations";

/** The faults that hit each call in turn. */
const treatments: Fault[] = [
  "killBefore",
  "killAfter",
  "errorBefore",
  "errorAfter",
  "timeout",
  "expire",
  "missing",
  "partly",
  "retried",
];
const kills: Fault[] = ["killBefore", "killAfter"];
/** The way from an upload to its renditions, on which every pair of kills is tried. */
const putPath = ["upload", "upload again", "two uploads, the newer message first"];

export interface PointsReport {
  /** Every place where a handler calls a port, and whether runs were killed before and after it. */
  sites: { site: string; before: boolean; after: boolean }[];
  /** Calls counted over all situations. */
  calls: number;
  schedules: number;
  violations: string[];
}

/** Every port call of every function, numbered, with every fault on either side of it. */
export async function tryEveryPoint(handlers: Handlers): Promise<PointsReport> {
  const killed = new Map<string, Set<Fault>>();
  const report: PointsReport = { sites: [], calls: 0, schedules: 0, violations: [] };
  for (const situation of situations) {
    const { calls, violation } = await play(situation, handlers);
    report.calls += calls;
    report.schedules += 1;
    if (violation) report.violations.push(`${situation.name}: ${violation.message}`);
    for (let index = 0; index < calls; index++) {
      for (const treatment of treatments) await tryPoint(situation, index, treatment, { handlers, report, killed });
    }
  }
  report.sites = callSites().map((site) => ({
    site,
    before: killed.get(site)?.has("killBefore") ?? false,
    after: killed.get(site)?.has("killAfter") ?? false,
  }));
  return report;
}

interface Tally {
  handlers: Handlers;
  report: PointsReport;
  killed: Map<string, Set<Fault>>;
}

async function tryPoint(
  situation: Situation,
  index: number,
  treatment: Fault,
  { handlers, report, killed }: Tally,
): Promise<void> {
  const isKill = kills.includes(treatment);
  const observe = (call: Call) => {
    if (isKill && call.actor.functionName !== "client") call.site = currentSite(call.name);
  };
  const faultOf = (current: number, call: Call): Fault => {
    if (current !== index) return "none";
    if (call.site !== undefined) killed.set(call.site, (killed.get(call.site) ?? new Set()).add(treatment));
    return treatment;
  };
  const { violation } = await play(situation, handlers, { faultOf, observe });
  report.schedules += 1;
  if (violation) report.violations.push(`${situation.name}, ${treatment} at call ${index}: ${violation.message}`);
}

export interface PairsReport {
  schedules: number;
  violations: string[];
}

/** All pairs of kills on the put path: one at a call, and a second one at any call that comes after it. */
export async function tryEveryPair(handlers: Handlers): Promise<PairsReport> {
  const report: PairsReport = { schedules: 0, violations: [] };
  for (const situation of situations.filter(({ name }) => putPath.includes(name))) {
    const { calls } = await play(situation, handlers);
    for (let first = 0; first < calls; first++) {
      for (const kill of kills) await trySecond(situation, first, kill, handlers, report);
    }
  }
  return report;
}

async function trySecond(
  situation: Situation,
  first: number,
  kill: Fault,
  handlers: Handlers,
  report: PairsReport,
): Promise<void> {
  let most = first + 1;
  for (let second = first + 1; second <= most; second++) {
    for (const again of kills) {
      const faultOf = (index: number): Fault => (index === first ? kill : index === second ? again : "none");
      const { violation, calls } = await play(situation, handlers, { faultOf });
      most = Math.max(most, calls - 1);
      report.schedules += 1;
      const what = `${situation.name}, ${kill} at call ${first}, ${again} at call ${second}`;
      if (violation) report.violations.push(`${what}: ${violation.message}`);
    }
  }
}

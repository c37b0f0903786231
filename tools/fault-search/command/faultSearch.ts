import type { Handlers } from "../world/deployedHandlers";
import { isolatedHandlers } from "../mutants/isolatedHandlers";
import { mutants } from "../mutants";
import { SEEDS_PER_MUTANT, tableHead, tryMutant, verdictLine } from "../mutants/tryMutant";
import type { Options } from "./options";
import { tryEveryOrder } from "../search/everyOrder";
import { tryEveryPair, tryEveryPoint, type PointsReport } from "../search/everyCall";
import { createOutput, progressText, table } from "./progress";
import { explainSeed } from "../search/replay";
import { allScenarios, scenarioNamed, scenarios } from "../search/scenarios";
import { search, type SearchResult } from "../search/search";

const output = createOutput(process.stdout, Date.now);
/** How many violations are explained in full; the others are listed. */
const MOST_EXPLAINED = 3;
let interrupted = false;

/**
 * Does as the flags of `snail faults` say, and prints it to standard output. Ctrl-C ends it with what
 * was found until then; a second one ends the process with 130.
 *
 * @returns whether all is well: no violation, every call reached, every mutant found or explained.
 * @example
 * process.exitCode = (await faultSearch(readOptions({ seeds: 100, from: 0, mutants: false, list: false }))) ? 0 : 1;
 */
export async function faultSearch(options: Options): Promise<boolean> {
  const interrupt = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
  };
  process.on("SIGINT", interrupt);
  try {
    return await run(options);
  } finally {
    process.off("SIGINT", interrupt);
  }
}

async function run(options: Options): Promise<boolean> {
  if (options.list) listScenarios();
  else if (options.replay !== undefined) return replay(options, options.replay);
  else if (options.mutants) return tryMutants();
  else return trySchedules(options);
  return true;
}

function listScenarios(): void {
  const rows = allScenarios.map(({ name, title, open }) => [
    name,
    open === undefined ? title : `${title} (open: ${open})`,
  ]);
  table([["scenario", "content"], ...rows]).forEach((line) => output.line(line));
}

async function replay({ scenarios: [scenario], handlers }: Options, seed: number): Promise<boolean> {
  if (!scenario) return false;
  const lines = await explainSeed(scenario, seed, handlers);
  lines.forEach((line) => output.line(line));
  return !lines.some((line) => line.startsWith("VIOLATION"));
}

async function trySchedules(options: Options): Promise<boolean> {
  const systematic = options.scenarios.length === scenarios.length ? await trySystematically(options.handlers) : true;
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const result = await search({
    ...options,
    pause: async ({ schedules, findings }) => {
      output.progress(progressText(schedules, options.seeds, findings.length, seconds()));
      await turnOfTheLoop();
      return interrupted;
    },
  });
  output.line(progressText(result.schedules, options.seeds, result.findings.length, seconds()));
  if (interrupted) output.line("interrupted: this is what was found until then");
  await report(result, options.handlers);
  return systematic && result.findings.length === 0;
}

async function trySystematically(handlers: Handlers): Promise<boolean> {
  const points = await tryEveryPoint(handlers);
  printPoints(points);
  const pairs = await tryEveryPair(handlers);
  output.line(`pairs of kills on the put path: ${pairs.schedules} schedules, ${pairs.violations.length} violations`);
  const orders = await tryEveryOrder(handlers);
  output.line(`orders of up to 5 messages: ${orders.schedules} schedules, ${orders.violations.length} violations`);
  const violations = [...points.violations, ...pairs.violations, ...orders.violations];
  violations.slice(0, 20).forEach((violation) => output.line(`  VIOLATION ${violation}`));
  return violations.length === 0 && points.sites.every(({ before, after }) => before && after);
}

function printPoints({ sites, calls, schedules, violations }: PointsReport): void {
  output.line("port calls in the handlers, and whether a run was killed before and after each:");
  const word = (killed: boolean) => (killed ? "yes" : "NO");
  const rows = sites.map(({ site, before, after }, index) => [String(index + 1), site, word(before), word(after)]);
  table([["", "call", "killed before", "and after"], ...rows]).forEach((line) => output.line(line));
  const reached = sites.flatMap(({ before, after }) => [before, after]).filter((killed) => killed).length;
  const share = `${reached} of ${2 * sites.length} points reached (${Math.floor((50 * reached) / sites.length)} %)`;
  output.line(`${share}; ${calls} calls in ${schedules} schedules, ${violations.length} violations`);
}

async function report({ findings, tried, steps }: SearchResult, handlers: Handlers): Promise<void> {
  const counts = [...tried].map(([name, schedules]) => {
    const violations = findings.filter(({ scenario }) => scenario.name === name).length;
    return [`\`${name}\``, scenarioNamed(name).title, String(schedules), String(violations)];
  });
  table([["scenario", "content", "schedules", "violations"], ...counts]).forEach((line) => output.line(line));
  output.line(`${steps} steps in all`);
  for (const { scenario, seed } of findings.slice(0, MOST_EXPLAINED)) {
    output.line("");
    (await explainSeed(scenario, seed, handlers)).forEach((line) => output.line(line));
  }
  for (const { scenario, seed, invariant, detail } of findings.slice(MOST_EXPLAINED, 50)) {
    output.line(`${invariant} ${detail}: npm run faults -- --scenario ${scenario.name} --replay ${seed}`);
  }
}

async function tryMutants(): Promise<boolean> {
  // Without a mistake the isolated handlers must pass: else the table would say nothing.
  const { findings } = await search({ scenarios, seeds: SEEDS_PER_MUTANT, from: 0, handlers: isolatedHandlers() });
  if (findings.length > 0) throw new Error("the handlers without any mistake violate an invariant");
  const verdicts = [];
  for (const mutant of mutants) {
    verdicts.push(await tryMutant(mutant));
    output.progress(`${verdicts.length} of ${mutants.length} mutants`);
    await turnOfTheLoop();
    if (interrupted) break;
  }
  table([tableHead, ...verdicts.map(verdictLine)]).forEach((line) => output.line(line));
  const killed = verdicts.filter(({ killedBy }) => killedBy).length;
  const share = ((100 * killed) / verdicts.length).toFixed(1);
  output.line(`${killed} of ${verdicts.length} mutants found (${share} %) within ${SEEDS_PER_MUTANT} schedules each`);
  const unexplained = verdicts.filter(({ killedBy, mutant }) => !killedBy && mutant.equivalent === undefined);
  for (const { mutant, killedBy } of verdicts) {
    if (!killedBy) output.line(`  ${mutant.name} survives: ${mutant.equivalent ?? "NOT EXPLAINED"}`);
  }
  return unexplained.length === 0;
}

/** Lets signals in: schedules themselves never leave the current turn of the event loop. */
const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

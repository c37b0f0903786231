import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourceTypes } from "../../embedded-aws/resources";
import { expectEqual, type Checks } from "./checks";
import { readEventLog, type EventLog } from "./events";
import { runEngine, type EngineRun } from "./run";

/** A program and the scratch folder in which its stack lives. */
export interface StackUnderCheck {
  program: string;
  folder: string;
  stack: string;
  policies?: string;
}

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
/** A retention that neither stack has. */
const OTHER_RETENTION = 30;

/** A stack's whole life on the real engine: preview, up, no change, a changed setting, destroy. */
export async function checkLife(checks: Checks, target: StackUnderCheck): Promise<void> {
  const { stack, program } = target;
  const settings = () =>
    ["Pulumi.yaml", `Pulumi.${stack}.yaml`].map((file) => readFileSync(join(program, file), "utf8"));
  const before = settings();

  await checks.check(`${stack}: a first preview knows every value`, async () => {
    const { output } = succeeded(await run(target, "preview", ["--diff"]));
    const unknown = output.split("\n").filter((line) => line.includes("[unknown]"));
    expectEqual("values that the preview does not know", unknown, []);
  });
  await checks.check(`${stack}: up makes what the preview showed`, async () => {
    succeeded(await run(target, "up", ["--yes", "--skip-preview"]));
  });
  if (stack === "prod")
    await checks.check(`${stack}: everything that holds data is protected`, () => {
      const data = stateOf(target).filter(({ type }) => resourceTypes[type]?.holdsData);
      expectEqual(
        "unprotected",
        data.filter(({ protect }) => protect !== true).map(({ urn }) => urn),
        [],
      );
      if (data.length === 0) throw new Error("the state holds no bucket, table or queue");
    });
  await checks.check(`${stack}: a preview after up is quiet`, async () => {
    succeeded(await run(target, "preview", ["--expect-no-changes", "--diff"]));
  });
  await checks.check(`${stack}: a changed setting changes what it should and nothing else`, async () => {
    const key = "snail-images:logRetentionDays";
    const log = await preview(target, ["--config", `${key}=${OTHER_RETENTION}`]);
    const changed = log.changes.filter(({ op }) => op !== "same");
    const groups = log.changes.filter(({ type }) => type === LOG_GROUP);
    expectEqual(
      "what changes",
      changed.map(({ op, name, differing, new: after }) => [op, name, differing, after?.inputs.retentionInDays]),
      groups.map(({ name }) => ["update", name, ["retentionInDays"], OTHER_RETENTION]),
    );
    if (groups.length === 0) throw new Error("the program has no log group");
  });
  await checks.check(`${stack}: the real settings are as they were`, () => {
    expectEqual("settings", settings(), before);
  });
  await checks.check(`${stack}: destroy leaves nothing`, async () => {
    // What a stack protects has to be let go by hand, as on AWS.
    if (stack === "prod") succeeded(await run(target, "state", ["unprotect", "--all", "--yes"]));
    succeeded(await run(target, "destroy", ["--yes", "--skip-preview"]));
    expectEqual("resources left", stateOf(target).length, 0);
  });
}

/**
 * Brings the state of an earlier release up to date. A rename without an alias would show as a deletion and a creation,
 * a changed name as a replacement.
 */
export async function checkUpgrade(checks: Checks, target: StackUnderCheck, release: string): Promise<void> {
  await checks.check(`${target.stack}: the state of the first release is brought up to date`, async () => {
    const file = stateFile(target);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, readFileSync(release));
    const log = await preview(target, []);
    const lost = log.changes.filter(({ op }) => op === "delete" || op === "replace");
    // Snapshots by nature: each change of what they hold makes a new one.
    const snapshots = ["aws:apigateway/deployment:Deployment", "aws:lambda/layerVersion:LayerVersion"];
    expectEqual(
      "resources that the upgrade would replace or delete",
      lost.filter(({ type }) => !snapshots.includes(type)).map(({ op, urn, forcedBy }) => [op, urn, forcedBy]),
      [],
    );
    succeeded(await run(target, "up", ["--yes", "--skip-preview"]));
    succeeded(await run(target, "preview", ["--expect-no-changes"]));
  });
}

type Command = Parameters<typeof runEngine>[0];

function run(target: StackUnderCheck, command: Command, flags: string[]): Promise<EngineRun> {
  const color = command === "state" ? [] : ["--non-interactive", "--color", "never"];
  return runEngine(command, [...flags, ...color], { ...target, capture: true });
}

/** Previews and reads the engine's events; throws when the preview fails. */
async function preview(target: StackUnderCheck, flags: string[]): Promise<EventLog> {
  const file = join(target.folder, "events.json");
  succeeded(await run(target, "preview", ["--event-log", file, ...flags]));
  return readEventLog(file);
}

function succeeded(result: EngineRun): EngineRun {
  if (result.code !== 0) throw new Error(`exit code ${result.code}:\n${result.output}`);
  return result;
}

const stateFile = ({ folder, stack }: StackUnderCheck): string =>
  join(folder, "state", ".pulumi", "stacks", "snail-images", `${stack}.json`);

interface StateResource {
  type: string;
  urn: string;
  protect?: boolean;
}

function stateOf(target: StackUnderCheck): StateResource[] {
  const state = JSON.parse(readFileSync(stateFile(target), "utf8")) as {
    checkpoint: { latest?: { resources?: StateResource[] } };
  };
  return state.checkpoint.latest?.resources ?? [];
}

/**
 * Measures the cold start of each function: the CPU of a process that loads its bundle and makes its clients, less that of
 * a process that loads nothing. On AWS the start of the environment itself comes on top.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";
import { median } from "../support/median";
import { ROOT } from "../engine/project";
import { recordedStack } from "../policy/recordedStack";
import type { Row } from "./report";

interface Bundle {
  name: string;
  code: string;
  /** Files beside the bundle, by name. */
  files: Record<string, { text: string }>;
  /** The file that is loaded. */
  program: string;
  variables: Record<string, string>;
}

/** `snail bench cold` */
export async function measure({ runs }: { runs: number }): Promise<Row[]> {
  const bundles = bundlesOf(await recordedStack("dev"));
  const folder = mkdtempSync(join(tmpdir(), "snail-cold-"));
  try {
    const bare: number[] = [];
    const loaded = bundles.map(() => [] as number[]);
    for (let i = 0; i < runs; i++) {
      bare.push(await cpuOf(folder, {}, ""));
      for (const [index, { name, files, variables, program }] of bundles.entries()) {
        const own = join(folder, name);
        mkdirSync(own, { recursive: true });
        for (const [file, { text }] of Object.entries(files)) writeFileSync(join(own, file), text);
        loaded[index]?.push(await cpuOf(own, { ...variables, LAMBDA_TASK_ROOT: own }, `require("./${program}");`));
      }
    }
    const rows = bundles.map(({ name, code }, index) =>
      row(name, median(loaded[index] ?? []) - median(bare), deflateRawSync(code, { level: 9 }).length),
    );
    return [...rows, row("bare Node, in all", median(bare), "")];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(name: string, cpuMs: number, zippedBytes: number | ""): Row {
  return {
    function: name,
    "CPU over bare Node, ms": Math.round(cpuMs),
    "bundle, KiB zipped": zippedBytes && Math.round(zippedBytes / 102.4) / 10,
  };
}

function bundlesOf(resources: Awaited<ReturnType<typeof recordedStack>>): Bundle[] {
  return resources
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .flatMap(({ name, given }) => {
      const { code, environment } = given as {
        code: { assets: Record<string, { text: string }> };
        environment: { variables: Record<string, string> };
      };
      // A program beside the bundle runs in a process of its own.
      return Object.entries(code.assets).map(([program, { text }]) => ({
        name: program === "__index.js" ? name : `${name}'s ${program}`,
        code: text,
        files: code.assets,
        program,
        variables: environment.variables,
      }));
    });
}

/** Milliseconds of user and system time of a process that runs a script in a folder. */
async function cpuOf(cwd: string, variables: Record<string, string>, script: string): Promise<number> {
  const measure = "const { user, system } = process.cpuUsage(); console.log((user + system) / 1000); process.exit();";
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script + measure], {
    cwd,
    env: { ...variables, AWS_REGION: "eu-west-1", NODE_PATH: join(ROOT, "node_modules") },
  });
  return Number(stdout.trim().split("\n").at(-1));
}

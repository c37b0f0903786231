import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type LocalRun, parseFaults, readStackConfig, startLocalRun } from "../../../embedded-aws";
import { resourceTypes } from "../../../embedded-aws/engine";
import { installedLayer } from "../../support/installedLayer";
import type { Check } from "../../verify/check";
import { type Target, targetOf } from "../../verify/target";
import { verify } from "../../verify/verify";
import { root } from "../cli/support";

type Inputs = Record<string, unknown>;

/** The local run, whose resources can be declared again in another way. */
export class BreakableRun {
  private readonly mended: (() => Promise<void>)[] = [];
  readonly said: string[] = [];
  /** Told of each line that the checks print. */
  onSaid?: (line: string) => void;

  private constructor(
    readonly data: string,
    readonly run: LocalRun,
    readonly target: Target,
  ) {}

  static async start(): Promise<BreakableRun> {
    const data = mkdtempSync(join(tmpdir(), "verify-"));
    const before = process.env.SNAIL_IMAGES_LAYER;
    process.env.SNAIL_IMAGES_LAYER = installedLayer();
    try {
      const run = await startLocalRun({
        program: join(root, "index.ts"),
        project: "snail-images",
        stack: "dev",
        config: readStackConfig(root, "dev"),
        data,
        fresh: true,
        port: 0,
        verbose: false,
        announce: () => undefined,
        // Failed messages come again at once.
        faults: parseFaults("retry=0.2"),
      });
      const { awsUrl: endpoint } = run.place;
      const target = targetOf("dev", run.outputs, { endpoint, credentials: run.cloud.iam.owner });
      return new BreakableRun(data, run, target);
    } finally {
      if (before === undefined) delete process.env.SNAIL_IMAGES_LAYER;
      else process.env.SNAIL_IMAGES_LAYER = before;
    }
  }

  async close(): Promise<void> {
    this.target.s3.destroy();
    this.target.sqs.destroy();
    await this.run.close();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Declares a resource again with other inputs, until {@link mend}. */
  async redeclare(type: string, name: string, change: (inputs: Inputs) => Inputs): Promise<void> {
    const declared = this.run.resources.find((each) => each.name === name && each.type.endsWith(`:${type}`));
    if (!declared) throw new Error(`no ${type} ${name} is declared`);
    const apply = async (inputs: Inputs) =>
      resourceTypes[declared.type]?.apply?.(this.run.cloud, { ...declared, inputs });
    await apply(change(structuredClone(declared.inputs)));
    this.mended.push(() => apply(declared.inputs));
  }

  /** Puts something in order again that is broken in another way. */
  atMend(step: () => Promise<void>): void {
    this.mended.push(step);
  }

  /** Declares everything as it was. */
  async mend(): Promise<void> {
    for (let step = this.mended.pop(); step; step = this.mended.pop()) await step();
  }

  /** Runs some checks, and tells which failed. What they printed is in `said`. */
  async verify(checks: readonly Check[], { target = this.target, seconds = 60 } = {}): Promise<string[]> {
    this.said.length = 0;
    const { failed } = await verify({
      target,
      checks,
      patience: { fresh: seconds * 1000, settled: seconds * 1000 },
      print: (line) => {
        this.said.push(line);
        this.onSaid?.(line);
      },
      signal: new AbortController().signal,
    });
    return failed;
  }
}

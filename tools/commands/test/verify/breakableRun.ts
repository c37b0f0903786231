import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type LocalRun, parseFaults } from "../../../embedded-aws";
import { redeclare } from "../../support/redeclare";
import { startHere } from "../../support/startHere";
import type { Check } from "../../verify/check";
import type { Keys } from "../../support/environmentKeys";
import { type Target, targetOf } from "../../support/target";
import { verify } from "../../verify/verify";
import { type Ended, root } from "../cli/support";

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
    // Failed messages come again at once.
    const run = await startHere(data, { faults: parseFaults("retry=0.2") });
    const { awsUrl: endpoint } = run.place;
    const target = targetOf("dev", run.outputs, { endpoint, credentials: run.cloud.iam.owner });
    return new BreakableRun(data, run, target);
  }

  async close(): Promise<void> {
    this.target.s3.destroy();
    this.target.sqs.destroy();
    await this.run.close();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Declares a resource again with other inputs, until {@link mend}. */
  async redeclare(type: string, name: string, change: (inputs: Inputs) => Inputs): Promise<void> {
    this.mended.push(await redeclare(this.run, type, name, change));
  }

  /** A role of the account that may do what a policy says. */
  roleWith(policy: object): { arn: string; keys: Keys } {
    const { cloud, place } = this.run;
    const arn = `arn:aws:iam::${place.accountId}:role/verifier`;
    const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }];
    cloud.iam.putRole({ arn, trustPolicy: { Version: "2012-10-17", Statement } });
    cloud.iam.putRolePolicy("verifier", "verify", policy);
    return { arn, keys: cloud.iam.credentialsOf(arn) };
  }

  /** `snail verify` as for a stack on AWS. */
  snailVerify(
    keys: Keys,
    { flags = [], interruptAt }: { flags?: string[]; interruptAt?: RegExp } = {},
  ): Promise<Ended> {
    return this.snail(keys, ["verify", "--stack", "dev", "--wait", "1", ...flags], interruptAt);
  }

  /**
   * `snail` as for a stack `dev` on AWS: a stand-in for the Pulumi CLI tells its outputs, and the variables of AWS's SDKs
   * lead to this run.
   * @param interruptAt the output at which it gets the signal
   */
  snail(
    keys: Partial<Keys>,
    args: string[],
    interruptAt?: RegExp,
    signal: "SIGINT" | "SIGKILL" = "SIGINT",
  ): Promise<Ended> {
    const bin = join(this.data, "bin");
    const outputs = join(bin, "outputs.json");
    mkdirSync(bin, { recursive: true });
    writeFileSync(outputs, JSON.stringify(this.run.outputs));
    const tells = `[ "$*" = "stack output --json --stack dev" ] && exec cat "${outputs}"`;
    const fails = `echo "error: no stack named '$5' found" >&2; exit 255`;
    writeFileSync(join(bin, "pulumi"), `#!/bin/sh\n${tells}\n${fails}\n`, { mode: 0o755 });
    const env = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      AWS_ENDPOINT_URL: this.run.place.awsUrl,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      // No other place has keys.
      AWS_CONFIG_FILE: join(bin, "none"),
      AWS_SHARED_CREDENTIALS_FILE: join(bin, "none"),
      AWS_EC2_METADATA_DISABLED: "true",
    };
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ["tools/commands/snail.js", ...args],
        { cwd: root, env },
        (error, out, err) => {
          resolve({ code: error ? Number(error.code) : 0, out, err });
        },
      );
      child.stdout?.on("data", (text: string) => {
        if (interruptAt?.test(text)) child.kill(signal);
      });
    });
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

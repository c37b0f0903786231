import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { RawRecord } from "../../../handlers/records";
import { withDeadLetters } from "../redrive/deadLetters";
import {
  violationsAtRest,
  violationsOfProgress,
  violationsOfReplay,
  type AtRest,
  type Operation,
  type Violation,
} from "../../fault-search";
import { client } from "./clients";
import { photosBeside } from "./photosBeside";
import { makePalette, type Palette } from "./pictures";
import { replayMessages } from "./replay";
import { Warehouse } from "./warehouse";
import { LocalService } from "../support/localService";

/** The flags of `snail soak`. */
export interface SoakFlags {
  seconds: number;
  clients: number;
  names: number;
  keep: boolean;
}

const FAULTS = "throttle=3,error=2,duplicate=15,kill=3,retry=1";
/** As FAULTS, without the faults: what is left to do is done soon. */
const CALM = "retry=1";
const RESTART_SECONDS = 8;
/** Rounds of restarting and waiting until nothing is left to do. */
const DRAIN_ROUNDS = 5;
const ROUND_SECONDS = 45;

class Soak {
  private service: LocalService | undefined;
  private readonly history: Operation[] = [];
  private readonly violations: Violation[] = [];
  private lastSeen: RawRecord[] = [];
  private kills = 0;
  private redriven = 0;

  constructor(
    private readonly flags: SoakFlags,
    private readonly data: string,
    private readonly palette: Palette,
  ) {}

  async run(): Promise<Violation[]> {
    try {
      await this.start(FAULTS);
      await this.work();
      await this.drain();
      await this.check();
    } finally {
      await this.service?.kill();
    }
    return this.violations;
  }

  private async start(faults: string): Promise<void> {
    this.service = await LocalService.start({ data: this.data, flags: ["--faults", faults] });
  }

  /** Clients, while the whole service is killed now and then. */
  private async work(): Promise<void> {
    const { seconds, clients, names } = this.flags;
    const end = new AbortController();
    const options = {
      palette: this.palette,
      history: this.history,
      random: Math.random,
      now: () => performance.now(),
      service: () => this.service,
      names: Array.from({ length: names }, (_, i) => `photo ${i} 100% 🐌.jpg`),
    };
    const running = Promise.all(Array.from({ length: clients }, () => client(options, end.signal)));
    running.catch(() => end.abort()); // a client's failure ends the soak; it is reported below
    const deadline = Date.now() + seconds * 1000;
    while (Date.now() < deadline && !end.signal.aborted) {
      await pause(Math.min(RESTART_SECONDS * 1000, deadline - Date.now()));
      await this.watchProgress();
      if (deadline - Date.now() > 2_000) await this.crash(FAULTS);
    }
    end.abort();
    await running;
    console.log(
      `${this.history.length} operations by ${clients} clients on ${names} names in ${seconds} s, ` +
        `${this.history.filter(({ acknowledged }) => acknowledged).length} acknowledged; ` +
        `the service killed ${this.kills} times, its functions every 3 s; faults ${FAULTS}`,
    );
  }

  private async crash(faults: string): Promise<void> {
    const dying = this.service;
    this.service = undefined;
    await dying?.kill();
    this.kills += 1;
    await this.start(faults);
  }

  private async watchProgress(): Promise<void> {
    await this.look(async (warehouse) => {
      const records = await warehouse.records();
      for (const before of this.lastSeen) {
        const after = records.find(({ original }) => original === before.original);
        this.violations.push(...violationsOfProgress(before.original, before, after));
      }
      this.lastSeen = records;
    });
  }

  /** Without faults, until nothing is left to do. Messages in flight come again when the service starts again. */
  private async drain(): Promise<void> {
    for (let round = 0; round < DRAIN_ROUNDS; round++) {
      await this.crash(CALM);
      const left = await this.settle();
      const redriven = await this.redrive();
      this.redriven += redriven;
      if (left === 0 && redriven === 0) return;
    }
  }

  /** Resolves with the number of messages that are left after a while. */
  private settle(): Promise<number> {
    return this.look(async (warehouse) => {
      const deadline = Date.now() + ROUND_SECONDS * 1000;
      for (;;) {
        const left = (await warehouse.messages()).reduce((sum, { count }) => sum + count, 0);
        if (left === 0 || Date.now() > deadline) return left;
        await pause(250);
      }
    });
  }

  private redrive(): Promise<number> {
    return this.look(({ sqs, queues }) =>
      withDeadLetters(sqs, queues, async (letters, acts) => {
        const able = letters.filter(({ poison }) => !poison);
        for (const letter of able) await acts.move(letter);
        return able.length;
      }),
    );
  }

  private async check(): Promise<void> {
    await this.watchProgress();
    const before = await this.stored();
    this.violations.push(...violationsAtRest(before, this.history));
    const replayed = await this.look((warehouse) => replayMessages(warehouse, before, this.history));
    await this.settle();
    this.violations.push(...violationsOfReplay(before, await this.stored()));
    const status = (wanted: string): number => before.records.filter((record) => record.status === wanted).length;
    console.log(
      `at rest: ${status("READY")} READY, ${status("REJECTED")} REJECTED, ${status("DELETED")} DELETED; ` +
        `${before.objects.length} objects; ${this.redriven} dead letters redriven; ${replayed} messages replayed`,
    );
  }

  private stored(): Promise<AtRest> {
    return this.look((warehouse, service) => warehouse.stored(this.palette, (name) => service.get(name)));
  }

  private async look<Result>(see: (warehouse: Warehouse, service: LocalService) => Promise<Result>): Promise<Result> {
    if (!this.service) throw new Error("the service is not running");
    const warehouse = new Warehouse(this.service.endpoints);
    try {
      return await see(warehouse, this.service);
    } finally {
      warehouse.close();
    }
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));

/** Runs the soak; 1 when it found a violation. */
export async function run(flags: SoakFlags): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), "snail-images-soak-"));
  process.once("SIGINT", () => process.exit(130));
  const violations = await new Soak(flags, join(data, "faults"), await makePalette()).run();
  const found = violations.map(({ invariant, detail }) => `${invariant}: ${detail}`);
  found.push(...(await photosBeside(join(data, "photos"))));
  for (const each of found) console.log(`VIOLATION of ${each}`);
  console.log(`${found.length} violations`);
  if (flags.keep || found.length > 0) console.log(`data: ${data}`);
  else rmSync(data, { recursive: true, force: true });
  return found.length > 0 ? 1 : 0;
}

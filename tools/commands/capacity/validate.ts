import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { MeasuredRun } from "../cost/measuredRun";
import { readMeasured } from "../cost/measured";
import { recordedStack } from "../policy/recordedStack";
import { time } from "./print";
import { table } from "../support/markdownTable";
import { simulate } from "./simulate";
import { stagesOf } from "./stack";

/** Milliseconds that a function waits here for a call of the embedded S3. */
const LOCAL_WAIT_MS = 10;
/** Photos before the measurement: no cold start is in it. */
const WARM_UP = 16;

/** `snail capacity validate`: latency of the service here beside that of the simulation, at the same rate. */
export async function run({ rate, seconds }: { rate: number; seconds: number }): Promise<void> {
  const measuredLatency = await latencies(rate, seconds);
  const stages = stagesOf(await recordedStack("dev"), readMeasured(), { storageWait: LOCAL_WAIT_MS });
  const simulated = simulate(
    stages.map((stage) => ({ ...stage, coldMs: 0 })),
    { rate, burst: 0, seconds, seed: 1 },
    // Memory is not enforced here; this machine's processors are shared by all functions and the service itself.
    {
      firstBatches: 5,
      batchesPerMinute: 300,
      environmentsPerTenSeconds: 1000,
      accountConcurrency: 1000,
      processors: cpus().length,
    },
  );
  const at = (share: number): number => measuredLatency[Math.floor(measuredLatency.length * share)] ?? NaN;
  const row = (name: string, here: number, there: number): string[] => [
    name,
    time(here),
    time(there),
    `${Math.round((there / here - 1) * 100)} %`,
  ];
  console.log(`${measuredLatency.length} uploads, ${rate} a second, on ${cpus().length} processors.`);
  console.log(
    table(
      ["from upload to READY", "service here", "simulation", "error"],
      [row("p50", at(0.5), simulated.latencyP50), row("p99", at(0.99), simulated.latencyP99)],
    ),
  );
}

/** Milliseconds from each upload to READY, sorted. */
async function latencies(rate: number, seconds: number): Promise<number[]> {
  const photo = readFileSync(join(__dirname, "../../../test/photos/p12.jpg"));
  const service = await MeasuredRun.open();
  try {
    await Promise.all(Array.from({ length: WARM_UP }, (_, i) => service.put(`warm-${i}.jpg`, photo)));
    const uploads: Promise<number>[] = [];
    const start = performance.now();
    for (let at = 0; at < seconds * 1000; at += -Math.log(1 - Math.random()) * (1000 / rate)) {
      await delay(Math.max(0, start + at - performance.now()));
      const name = `photo-${uploads.length}.jpg`;
      const sent = performance.now();
      uploads.push(service.put(name, photo).then(() => performance.now() - sent));
    }
    return (await Promise.all(uploads)).sort((a, b) => a - b);
  } finally {
    await service.close();
  }
}

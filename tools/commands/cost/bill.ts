import { assumptions } from "./assumptions";
import { callUnits } from "./callUnits";
import type { Declared } from "./declared";
import { DeclaredStack } from "./declaredStack";
import type { Measured, MeasuredPart, MeasuredPath, PathName } from "./measured";
import { billedMs } from "./partTime";
import type { PriceName, Prices } from "./prices";
import { tracedShare } from "./tracing";
import type { Use } from "./use";

export interface Line {
  /** Logical name of the resource, or of its kind. */
  component: string;
  /** `use` grows with the images of the month, `stored` with all that are kept, `idle` is there without any. */
  kind: "use" | "stored" | "idle";
  price: PriceName;
  /** Units a month. */
  units: number;
  usd: number;
}

const GB = 1e9;

/** The bill of a stack for a month, line by line; lines without units are left out. */
export function billOf(resources: readonly Declared[], measured: Measured, { prices }: Prices, use: Use): Line[] {
  const lines: Line[] = [];
  const add = (kind: Line["kind"], component: string, price: PriceName, units: number): void => {
    if (units > 0) lines.push({ component, kind, price, units, usd: units * prices[price] });
  };
  const stack = new DeclaredStack(resources);
  const times: Record<PathName, number> = {
    put: use.images,
    get: use.images * use.gets,
    delete: use.images * use.deletes,
  };
  addApi(add, stack, use, (use.direct ? 0 : times.put) + times.get + times.delete);
  for (const [path, parts] of Object.entries(measured.paths) as [PathName, MeasuredPath][]) {
    for (const [name, part] of Object.entries(parts)) {
      const isSilent = path === "put" && name === "ImageApi" && use.direct;
      addPart(
        add,
        { name, part: isSilent ? { ...part, logBytes: 0 } : part, times: times[path] },
        stack,
        measured,
        use,
      );
    }
  }
  addDelivery(add, stack, measured, use);
  addStored(add, stack, measured, use);
  addIdle(add, stack, measured);
  return lines;
}

type Add = (kind: Line["kind"], component: string, price: PriceName, units: number) => void;

function addApi(add: Add, stack: DeclaredStack, use: Use, requests: number): void {
  add("use", "ImageApi", "apiRequest", requests);
  if (stack.isApiTraced) add("use", "ImageApi", "trace", tracesOf(requests, use));
}

function tracesOf(requests: number, { images, perSecond = images / assumptions.monthSeconds }: Use): number {
  return requests * tracedShare(perSecond * (requests / images));
}

/** A function or service on a path that is taken so many times. */
function addPart(
  add: Add,
  { name, part, times }: { name: string; part: MeasuredPart; times: number },
  stack: DeclaredStack,
  measured: Measured,
  use: Use,
): void {
  const scaled = stack.scaled(part, measured, use);
  for (const [price, units] of callUnits(scaled.calls, stack, measured, use)) add("use", name, price, units * times);
  const settings = stack.function(name);
  const messages = use.fullBatches ? (settings?.batchSize ?? 1) : 1;
  const logBytes = part.logBytes - part.invocationLogBytes * (1 - 1 / messages);
  add("use", name, "logGb", (logBytes * times) / GB);
  if (!settings) return;
  const invocations = (part.invocations * times) / messages;
  add("use", name, "lambdaRequest", invocations);
  const gbSeconds = (billedMs(scaled, settings, use.storageWait, messages) / 1000) * (settings.memoryMb / 1024);
  add("use", name, settings.isArm ? "lambdaGbSecondArm64" : "lambdaGbSecondX86", gbSeconds * times);
  // A function behind the API is in the trace that the API began.
  const isTraced = settings.isTraced && (settings.batchSize !== undefined || !stack.isApiTraced);
  if (isTraced) add("use", name, "trace", tracesOf(invocations, use));
}

function addDelivery(add: Add, stack: DeclaredStack, { renditions }: Measured, { images, views }: Use): void {
  const [requests, bytes] = [images * views, renditions.bytes / renditions.count];
  add("use", "delivery", stack.isCached ? "cloudfrontRequest" : "s3Get", requests);
  add("use", "delivery", stack.isCached ? "cloudfrontGb" : "transferGb", (requests * bytes) / GB);
}

/** The bill of keeping a month's uploads for a month. */
function addStored(add: Add, stack: DeclaredStack, measured: Measured, use: Use): void {
  const kept = use.images * Math.max(0, 1 - use.deletes);
  const share = stack.renditionMegapixels(use.megapixels) / measured.renditions.megapixels;
  add("stored", "originals", "s3GbMonth", (kept * use.bytes) / GB);
  add("stored", "renditions", "s3GbMonth", (kept * measured.renditions.bytes * share) / GB);
  const recordGb = (kept * (measured.recordBytes + stack.indexes * assumptions.indexEntryBytes)) / GB;
  add("stored", "ImageMetadata", "dynamodbGbMonth", recordGb);
  add("stored", "ImageMetadata", "dynamodbBackupGbMonth", recordGb);
  for (const path of Object.values(measured.paths).slice(0, 1)) {
    const logs = Object.values(path).reduce((sum, { logBytes }) => sum + logBytes, 0);
    add("stored", "logs", "logGbMonth", (use.images * logs * (stack.logDays / 30)) / GB);
  }
}

function addIdle(add: Add, stack: DeclaredStack, { metrics }: Measured): void {
  add("idle", "alarms", "alarmMonth", stack.alarms);
  add("idle", "alarms", "compositeAlarmMonth", stack.count("CompositeAlarm"));
  add("idle", "metrics", "metricMonth", metrics.length);
  add("idle", "queues", "sqsRequest", stack.mappedQueues * assumptions.pollsPerMonth);
  add("idle", "dashboards", "dashboardMonth", stack.count("Dashboard"));
  add("idle", "network", "endpointZoneHour", stack.endpointZones * assumptions.hoursPerMonth);
}

import { assumptions } from "./assumptions";
import { declaredImageTypes, type DeclaredImageType } from "./declaredImageTypes";
import type { Measured, MeasuredPart, PathName } from "./measured";
import type { PriceName, Prices } from "./prices";

/** A resource of the stack, as far as its price depends on it. */
export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** A month of use. */
export interface Use {
  /** Uploads a month. */
  images: number;
  /** Size of an original, bytes. */
  bytes: number;
  /** Pixels of an original, millions. */
  megapixels: number;
  /** For each upload. */
  gets: number;
  deletes: number;
  views: number;
  /** Milliseconds that a function waits for a call of S3. */
  storageWait: number;
}

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
  const stack = new Stack(resources);
  const times: Record<PathName, number> = {
    put: use.images,
    get: use.images * use.gets,
    delete: use.images * use.deletes,
  };
  for (const [path, parts] of Object.entries(measured.paths) as [PathName, Record<string, MeasuredPart>][]) {
    add("use", "ImageApi", "apiRequest", times[path]);
    for (const [name, part] of Object.entries(parts)) {
      const scaled = stack.scaled(part, measured, use);
      for (const [price, units] of callUnits(scaled.calls, stack, measured))
        add("use", name, price, units * times[path]);
      add("use", name, "logGb", (part.logBytes * times[path]) / GB);
      const settings = stack.function(name);
      if (!settings) continue;
      add("use", name, "lambdaRequest", times[path]);
      const gbSeconds = (billedMs(scaled, settings.memoryMb, use.storageWait) / 1000) * (settings.memoryMb / 1024);
      add("use", name, settings.isArm ? "lambdaGbSecondArm64" : "lambdaGbSecondX86", gbSeconds * times[path]);
      if (settings.isTraced) add("use", name, "trace", times[path] * assumptions.tracedShare);
    }
  }
  addDelivery(add, stack, measured, use);
  addStored(add, stack, measured, use);
  addIdle(add, stack, measured);
  return lines;
}

type Add = (kind: Line["kind"], component: string, price: PriceName, units: number) => void;

/** Milliseconds of one invocation: its CPU at the memory's share of a processor, and its waits. */
export const billedMs = (part: MeasuredPart, memoryMb: number, storageWait: number): number =>
  cpuMsAt(part, memoryMb) + waitMs(part, storageWait);

/** A part's CPU, stretched where memory gives less than one processor. */
export const cpuMsAt = ({ cpuMs }: MeasuredPart, memoryMb: number): number =>
  cpuMs * Math.max(1, assumptions.vcpuMb / memoryMb);

/** A part's waits for its calls, one after the other, but for those that overlap. */
export function waitMs({ calls }: MeasuredPart, storageWait: number): number {
  const waits = Object.entries(calls).map(([action, count]) => {
    const service = action.split(":")[0] ?? "";
    const ms = service === "s3" ? storageWait : (assumptions.waitMs[service] ?? 0);
    return ms * (action === "s3:PutObject" || action === "s3:DeleteObject" ? Math.min(count, 1) : count);
  });
  return waits.reduce((sum, ms) => sum + ms, 0);
}

/** Units of each price that calls of one image take. */
function callUnits(calls: Record<string, number>, stack: Stack, { recordBytes }: Measured): [PriceName, number][] {
  const writes = Math.ceil(recordBytes / 1024) + stack.indexes * INDEX_WRITES;
  return Object.entries(calls).map(([action, count]): [PriceName, number] => {
    switch (action) {
      case "s3:PutObject":
      case "s3:ListBucket":
      case "s3:ListBucketVersions":
        return ["s3Put", count];
      case "s3:GetObject":
      case "s3:GetObjectVersion":
        return ["s3Get", count];
      case "dynamodb:UpdateItem":
      case "dynamodb:PutItem":
        return ["dynamodbWrite", count * writes];
      case "dynamodb:GetItem":
      case "dynamodb:Query":
        return ["dynamodbRead", count * Math.ceil(recordBytes / 4096)];
      case "sqs:SendMessage":
        return ["sqsRequest", count * 3]; // sent, received, deleted: nothing batched
      case "events:PutEvents":
        return ["event", count];
      case "cloudfront:CreateInvalidation":
        return ["invalidationPath", count];
      default:
        return ["s3Get", 0]; // deletions are free
    }
  });
}

/** A status that changes moves the record in an index: a deletion and a new entry; the first is only new. */
const INDEX_WRITES = 1.5;

function addDelivery(add: Add, stack: Stack, { renditions }: Measured, { images, views }: Use): void {
  const [requests, bytes] = [images * views, renditions.bytes / renditions.count];
  add("use", "delivery", stack.isCached ? "cloudfrontRequest" : "s3Get", requests);
  add("use", "delivery", stack.isCached ? "cloudfrontGb" : "transferGb", (requests * bytes) / GB);
}

/** The bill of keeping a month's uploads for a month. */
function addStored(add: Add, stack: Stack, measured: Measured, use: Use): void {
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

function addIdle(add: Add, stack: Stack, { metrics }: Measured): void {
  add("idle", "alarms", "alarmMonth", stack.alarms);
  add("idle", "metrics", "metricMonth", metrics.length);
  add("idle", "queues", "sqsRequest", stack.mappedQueues * assumptions.pollsPerMonth);
  add("idle", "dashboards", "dashboardMonth", stack.count("Dashboard"));
  add("idle", "network", "endpointZoneHour", stack.endpointZones * assumptions.hoursPerMonth);
}

/** The settings of a stack on which its price depends. */
class Stack {
  constructor(private readonly resources: readonly Declared[]) {}

  function(name: string): { memoryMb: number; isArm: boolean; isTraced: boolean } | undefined {
    const inputs = this.resources.find((resource) => isA(resource, "Function") && resource.name === name)?.inputs;
    if (!inputs) return undefined;
    const { memorySize, architectures, tracingConfig } = inputs as {
      memorySize?: number;
      architectures?: string[];
      tracingConfig?: { mode?: string };
    };
    return {
      memoryMb: memorySize ?? 128,
      isArm: architectures?.includes("arm64") ?? false,
      isTraced: tracingConfig?.mode === "Active",
    };
  }

  /** A function's part, for this stack's renditions and an original of another size than the measured one. */
  scaled(part: MeasuredPart, measured: Measured, { megapixels }: Use): MeasuredPart {
    const makesRenditions = (part.calls["s3:PutObject"] ?? 0) > 1;
    if (!makesRenditions) return part;
    const { decodeShare } = assumptions;
    const decoded = megapixels / measured.photo.megapixels;
    const encoded = this.renditionMegapixels(megapixels) / measured.renditions.megapixels;
    const puts = ((part.calls["s3:PutObject"] ?? 0) * this.imageTypes.length) / measured.renditions.count;
    return {
      ...part,
      cpuMs: part.cpuMs * (decodeShare * decoded + (1 - decodeShare) * encoded),
      calls: { ...part.calls, "s3:PutObject": puts },
    };
  }

  /** Pixels of all renditions of an original, 4 by 3, in millions; a smaller one is not enlarged. */
  renditionMegapixels(megapixels: number): number {
    const width = Math.sqrt((megapixels * 1e6 * 4) / 3);
    const areas = this.imageTypes.map((box) => {
      const scale = Math.min(1, (box.width ?? Infinity) / width, (box.height ?? Infinity) / ((width * 3) / 4));
      return megapixels * scale ** 2;
    });
    return areas.reduce((sum, area) => sum + area, 0);
  }

  private get imageTypes(): DeclaredImageType[] {
    return declaredImageTypes(this.resources) ?? [];
  }

  get indexes(): number {
    const tables = this.resources.filter((resource) => isA(resource, "Table"));
    return tables.reduce((sum, { inputs }) => sum + listOf(inputs.globalSecondaryIndexes).length, 0);
  }

  /** An alarm on an expression counts each of its metrics. */
  get alarms(): number {
    const alarms = this.resources.filter((resource) => isA(resource, "MetricAlarm"));
    return alarms.reduce((sum, { inputs }) => {
      const metrics = listOf(inputs.metricQueries).filter(
        (query) => (query as { metric?: unknown }).metric !== undefined,
      );
      return sum + Math.max(1, metrics.length);
    }, 0);
  }

  get mappedQueues(): number {
    return this.resources.filter(
      ({ type, inputs }) => type.endsWith(":EventSourceMapping") && inputs.scalingConfig !== undefined,
    ).length;
  }

  get isCached(): boolean {
    return this.count("Distribution") > 0;
  }

  /** Days that the functions' logs are kept, the longest. */
  get logDays(): number {
    const days = this.resources
      .filter((resource) => isA(resource, "LogGroup"))
      .map(({ inputs }) => inputs.retentionInDays);
    return Math.max(0, ...days.map(Number).filter(Number.isFinite));
  }

  get endpointZones(): number {
    const endpoints = this.resources.filter(
      (resource) => isA(resource, "VpcEndpoint") && resource.inputs.vpcEndpointType === "Interface",
    );
    return endpoints.reduce((sum, { inputs }) => sum + Math.max(1, listOf(inputs.subnetIds).length), 0);
  }

  count(kind: string): number {
    return this.resources.filter((resource) => isA(resource, kind)).length;
  }
}

const isA = ({ type }: Declared, kind: string): boolean => type.startsWith("aws:") && type.endsWith(`:${kind}`);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

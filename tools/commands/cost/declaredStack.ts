import { assumptions } from "./assumptions";
import type { Declared } from "./declared";
import { declaredImageTypes, type DeclaredImageType } from "./declaredImageTypes";
import type { Measured, MeasuredPart } from "./measured";
import type { Use } from "./use";

/** A function of the stack. */
export interface DeclaredFunction {
  memoryMb: number;
  isArm: boolean;
  isTraced: boolean;
  /** Of the queue or stream that drives it; undefined where the API does. */
  batchSize?: number;
  /** Messages of a batch that it works on at the same time. */
  atOnce: number;
}

/** The mappings that drive functions of the paths, by their logical names. */
const mappings: Record<string, string> = {
  RawImagePutProcess: "PutRawImageQueue-mapping",
  ResolutionBasedImagePutProcess: "PutResolutionBasedImageQueue-mapping",
  ResolutionBasedImageDeleteProcess: "DeleteResolutionBasedImageQueue-mapping",
  ImageEventProcess: "ImageEvents-mapping",
};

/** The settings of a stack on which its price depends. */
export class DeclaredStack {
  constructor(private readonly resources: readonly Declared[]) {}

  function(name: string): DeclaredFunction | undefined {
    const inputs = this.resources.find((resource) => isA(resource, "Function") && resource.name === name)?.inputs;
    if (!inputs) return undefined;
    const { memorySize, architectures, tracingConfig, environment } = inputs as {
      memorySize?: number;
      architectures?: string[];
      tracingConfig?: { mode?: string };
      environment?: { variables?: Record<string, unknown> };
    };
    const mapping = this.resources.find((resource) => resource.name === mappings[name])?.inputs;
    const batchSize = mapping && Number(mapping.batchSize);
    return {
      memoryMb: memorySize ?? 128,
      isArm: architectures?.includes("arm64") ?? false,
      isTraced: tracingConfig?.mode === "Active",
      batchSize,
      atOnce: Number(environment?.variables?.IMAGES_AT_ONCE ?? batchSize ?? 1),
    };
  }

  get isApiTraced(): boolean {
    return this.resources.some((resource) => isA(resource, "Stage") && resource.inputs.xrayTracingEnabled === true);
  }

  /** Messages of a full batch of the queues: of the smallest one. */
  get batchSize(): number {
    const sizes = this.resources
      .filter(({ type, inputs }) => type.endsWith(":EventSourceMapping") && inputs.scalingConfig !== undefined)
      .map(({ inputs }) => Number(inputs.batchSize));
    return Math.max(1, Math.min(...sizes));
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

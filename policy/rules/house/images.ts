import { FUNCTION } from "../../model/awsTypes";
import { covers } from "../../model/arn";
import type { Graph } from "../../model/graph";
import { readList, readNumber, readText } from "../../model/read";
import { NotKnown, UNKNOWN, type Resource } from "../../model/resource";
import { rule } from "../rule";

/** Setting of the rules about functions that decode images. */
export const decoders = {
  type: "array",
  items: { type: "string" },
  default: ["*ResolutionBasedImagePutProcess"] as string[],
  description: "Logical names of the functions that decode images, with * for any text",
} as const;

export const isDecoder = ({ name }: Resource, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => covers(pattern, name));

export const untrustedLoaders = rule({
  name: "house-block-untrusted-loaders",
  group: "House",
  ids: [],
  level: "mandatory",
  title: "A function that decodes images blocks libvips' unsafe loaders",
  reason: "A few hundred bytes of SVG keep a processor busy for seconds, and some loaders were never fuzzed.",
  remedy: "Set the environment variable VIPS_BLOCK_UNTRUSTED to 1.",
  types: [FUNCTION],
  reads: "resource",
  settings: { decoders },
  *check(lambda, _, settings) {
    if (!isDecoder(lambda, settings.decoders)) return;
    const property = "environment.variables.VIPS_BLOCK_UNTRUSTED";
    const value = readText(lambda, property);
    if (value !== "1") yield { property, value, allowed: "1" };
  },
});

export const decoderMemory = rule({
  name: "house-decoder-memory",
  group: "House",
  ids: [],
  level: "mandatory",
  title: "A function that decodes images has memory for its decoder",
  reason: "Lambda kills a run that needs more, with all messages of its batch.",
  remedy: "Raise the function's memorySize.",
  types: [FUNCTION],
  reads: "resource",
  settings: {
    decoders,
    decoderMemoryMiB: {
      type: "integer",
      default: 1024,
      minimum: 1,
      description: "Memory of the function and of its decoder, which is stopped at 896 MiB, without originals",
    },
  },
  *check(lambda, _, settings) {
    if (!isDecoder(lambda, settings.decoders)) return;
    const value = readNumber(lambda, "memorySize") ?? DEFAULT_MEMORY_MIB;
    const least = settings.decoderMemoryMiB;
    if (value < least) yield { property: "memorySize", value, allowed: `${least} or more` };
  },
});

export const batchTime = rule({
  name: "house-batch-time",
  group: "House",
  ids: [],
  level: "mandatory",
  title: "A function that decodes images has time for its whole batch",
  reason: "Lambda ends a run that takes longer, and all messages of its batch come again.",
  remedy: "Lower the mapping's batchSize, or raise the function's timeout.",
  types: ["aws:lambda/eventSourceMapping:EventSourceMapping"],
  reads: "graph",
  settings: {
    decoders,
    secondsPerImage: {
      type: "integer",
      default: 30,
      minimum: 1,
      description: "Time that one image may take, in seconds: its decoder is stopped after 25",
    },
  },
  *check(mapping, graph, settings) {
    const lambda = graph.target(mapping, "functionName", FUNCTION);
    if (!lambda || !isDecoder(lambda, settings.decoders)) return;
    const value = readNumber(mapping, "batchSize") ?? DEFAULT_BATCH;
    const timeout = readNumber(lambda, "timeout") ?? DEFAULT_TIMEOUT_SECONDS;
    const most = Math.floor(timeout / settings.secondsPerImage);
    if (value > most) yield { property: "batchSize", value, allowed: `at most ${most} with the function's timeout` };
  },
});

const DEFAULT_BATCH = 10;
const DEFAULT_MEMORY_MIB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;

const LAYER = "aws:lambda/layerVersion:LayerVersion";

export const layerArchitecture = rule({
  name: "house-layer-architecture",
  group: "House",
  ids: [],
  level: "mandatory",
  title: "The layers of a function are built for its processor",
  reason: "Native libraries of another processor do not load, and every run fails.",
  remedy: "Build the layer for the function's architectures, and say so in compatibleArchitectures.",
  types: [FUNCTION],
  reads: "graph",
  *check(lambda, graph) {
    const [architecture = "x86_64"] = readList(lambda, "architectures").map(String);
    for (const layer of layersOf(graph, lambda)) {
      const value = readList(layer, "compatibleArchitectures");
      if (!value.includes(architecture))
        yield {
          property: "compatibleArchitectures",
          value,
          allowed: `${architecture}, as ${lambda.name} has`,
          on: layer,
        };
    }
  },
});

/** The layers of this stack that a function uses; those of others have no declaration to read. */
function layersOf(graph: Graph, lambda: Resource): Resource[] {
  const layers = lambda.inputs.layers;
  const from = lambda.propertyDependencies.layers ?? [];
  const depended = graph.all(LAYER).filter(({ urn }) => from.includes(urn));
  const isUnknown = layers === UNKNOWN || (Array.isArray(layers) && layers.includes(UNKNOWN));
  if (isUnknown && depended.length === 0) throw new NotKnown(lambda, "layers");
  if (isUnknown) return depended;
  return readList(lambda, "layers").flatMap((arn) => graph.named(String(arn), LAYER) ?? []);
}

import { resource, set, without, type Fixture } from "../fixture";

const mapping = (inputs: Record<string, unknown>) =>
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "mapping", inputs);
const decoderWith = (inputs: Record<string, unknown>) =>
  resource(
    "aws:lambda/function:Function",
    "ResolutionBasedImagePutProcess",
    {
      name: "decoder",
      architectures: ["arm64"],
      layers: ["layer:1"],
      memorySize: 2048,
      environment: { variables: { VIPS_BLOCK_UNTRUSTED: "1" } },
      ...inputs,
    },
    { outputs: { arn: "arn:aws:lambda:eu-west-1:111111111111:function:decoder" } },
  );
const decoder = decoderWith({});

/** Fixtures of the rules of this project's own architecture. */
export const house: Record<string, Fixture> = {
  "house-block-untrusted-loaders": {
    good: [decoder],
    bad: {
      "without the variable": set(decoder.name, "environment.variables.VIPS_BLOCK_UNTRUSTED", undefined),
      "with the variable off": set(decoder.name, "environment.variables.VIPS_BLOCK_UNTRUSTED", "0"),
    },
  },
  "house-decoder-memory": {
    good: [decoder],
    bad: {
      "with less memory": set(decoder.name, "memorySize", 1023),
      "with Lambda's own memory": set(decoder.name, "memorySize", undefined),
    },
  },
  "house-batch-time": {
    good: [decoderWith({ timeout: 120 }), mapping({ functionName: "decoder", batchSize: 4 })],
    bad: {
      "with one more image": set("mapping", "batchSize", 5),
      "with the default batch": set("mapping", "batchSize", undefined),
      "with less time": set(decoder.name, "timeout", 119),
      "with Lambda's own timeout": set(decoder.name, "timeout", undefined),
    },
  },
  "house-layer-architecture": {
    good: [
      decoder,
      resource(
        "aws:lambda/layerVersion:LayerVersion",
        "layer",
        { compatibleArchitectures: ["arm64"] },
        {
          outputs: { arn: "layer:1" },
        },
      ),
    ],
    bad: {
      "with a layer for another processor": set("layer", "compatibleArchitectures", ["x86_64"]),
      "with a layer that does not tell": set("layer", "compatibleArchitectures", undefined),
      "on another processor": set(decoder.name, "architectures", ["x86_64"]),
      "on the default processor": set(decoder.name, "architectures", undefined),
    },
    fine: { "with a layer of another stack": without("layer") },
  },
};

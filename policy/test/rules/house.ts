import { resource, set, without, type Fixture } from "../fixture";

const mapping = (inputs: Record<string, unknown>) =>
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "mapping", inputs);
const decoderWith = (inputs: Record<string, unknown>, variables: Record<string, string> = {}) =>
  resource(
    "aws:lambda/function:Function",
    "ResolutionBasedImagePutProcess",
    {
      name: "decoder",
      architectures: ["arm64"],
      layers: ["layer:1"],
      memorySize: 2048,
      environment: { variables: { VIPS_BLOCK_UNTRUSTED: "1", ...variables } },
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
  "house-batch-memory": {
    good: [decoder, mapping({ functionName: "decoder", batchSize: 2 })],
    bad: {
      "with one more image": set("mapping", "batchSize", 3),
      "with the default batch": set("mapping", "batchSize", undefined),
      "with less memory": set(decoder.name, "memorySize", 1024),
    },
    fine: {
      "with a longer batch of which two are decoded at once": {
        to: (stack) =>
          set("mapping", "batchSize", 10).to(set(decoder.name, "environment.variables.IMAGES_AT_ONCE", "2").to(stack)),
      },
    },
  },
  "house-batch-time": {
    good: [decoderWith({ timeout: 60 }, { IMAGES_AT_ONCE: "2" }), mapping({ functionName: "decoder", batchSize: 4 })],
    bad: {
      "with two more images": set("mapping", "batchSize", 6),
      "with the default batch": set("mapping", "batchSize", undefined),
      "with less time": set(decoder.name, "timeout", 59),
      "with Lambda's own timeout": set(decoder.name, "timeout", undefined),
      "with one at once": set(decoder.name, "environment.variables.IMAGES_AT_ONCE", "1"),
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

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export type Architecture = "arm64" | "x86_64";

export interface FunctionLayerArgs {
  /** Holds `nodejs/node_modules`, installed for `architecture`. */
  content: pulumi.Input<pulumi.asset.Archive>;
  /** Processor of the functions that use the layer: `arm64` or `x86_64`. */
  architecture: Architecture;
}

/**
 * The packages that the functions `require`: image library, AWS clients, logging.
 *
 * @example
 * ```ts
 * new FunctionLayer("packages", { content: layerArchive({ architecture: "arm64" }), architecture: "arm64" });
 * ```
 */
export class FunctionLayer extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly architecture: Architecture;

  constructor(name: string, { content, architecture }: FunctionLayerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:FunctionLayer", name, {}, opts);

    const layer = new aws.lambda.LayerVersion(
      name,
      {
        // Required by the provider, so it is the one name that is not left to it.
        layerName: `${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
        code: content,
        compatibleArchitectures: [architecture],
        compatibleRuntimes: [aws.lambda.Runtime.NodeJS24dX],
      },
      { parent: this },
    );

    this.arn = layer.arn;
    this.architecture = architecture;
    this.registerOutputs({ arn: this.arn });
  }
}

import type * as pulumi from "@pulumi/pulumi";

/** The functions of a stack. Each adds itself, by its logical name, when it is declared. */
export class FunctionList {
  /** Their physical names. */
  readonly names: Record<string, pulumi.Output<string>> = {};
  /** Names of their log groups. */
  readonly logGroups: Record<string, pulumi.Output<string>> = {};
}

import * as pulumi from "@pulumi/pulumi";

/** Namespace of the service's own metrics: stacks of one account and region keep theirs apart. */
export const metricsNamespace = (): string => `SnailImages/${pulumi.getStack()}`;

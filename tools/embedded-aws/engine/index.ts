/** The door of the provider with which the Pulumi engine runs without an account, and of its table of resource types. */
import { join } from "node:path";

export type { Properties, Schema } from "./inputTypes";
export type { ResourceType } from "../resourceType";
export { resourceTypes } from "../resources";
export { ASSET, assetKind, canonical, isRecord, omit, same, SIGNATURE, UNKNOWN } from "./values";

/**
 * The folder of the plugin that serves the provider.
 * @example
 * // Pulumi.yaml
 * plugins: { providers: [{ name: "aws", path: pluginFolder }] }
 */
export const pluginFolder = join(__dirname, "plugin");

/** The input properties of all resource types, made from the type declarations of @pulumi/aws. */
export const schemaFile = join(__dirname, "schema.json");

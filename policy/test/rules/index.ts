import type { Fixture } from "../fixture";
import { graph } from "./graph";
import { s3 } from "./s3";

/** The fixtures of every rule, by the rule's name. */
export const fixtures: Readonly<Record<string, Fixture>> = { ...graph, ...s3 };

import { noLoop } from "./graph/noLoop";
import type { Rule } from "./rule";
import { publicAccessBlock } from "./s3/publicAccessBlock";

/** Every rule of the pack, in the order of its documentation. */
export const rules: readonly Rule[] = [publicAccessBlock, noLoop];

import { backfills } from "./backfills";
import { deletions } from "./deletions";
import { losses } from "./losses";
import type { Situation } from "./situation";
import { uploads } from "./uploads";

export { play } from "./play";
export type { Situation } from "./situation";

export const situations: Situation[] = [...uploads, ...deletions, ...losses, ...backfills];

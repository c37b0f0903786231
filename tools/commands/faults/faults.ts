import { type Flags, faultSearch, readOptions } from "../../fault-search";

/** Runs the fault search; 1 when it found a violation, or a mutant that nothing found. */
export async function run(flags: Flags): Promise<number> {
  return (await faultSearch(readOptions(flags))) ? 0 : 1;
}

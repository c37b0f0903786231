import { setTimeout as delay } from "node:timers/promises";

import { chosenTarget, type ServiceFlags } from "../support/chosenService";
import { lineText, type LogLine, logLines } from "./logLines";

interface LogsFlags extends ServiceFlags {
  image?: string;
  /** Seconds. */
  since: number;
  follow: boolean;
  json: boolean;
}

/** Milliseconds between two looks, with `--follow`. */
const LOOK = 2_000;

/** `snail logs [FUNCTION]` */
export async function run(flags: LogsFlags, functionName?: string): Promise<void> {
  const target = chosenTarget(flags);
  const query = { function: functionName, image: flags.image };
  const print = (line: LogLine): void => {
    const text = flags.json ? line.text : lineText(line);
    if (text !== undefined) console.log(text);
  };
  let since = Date.now() - flags.since * 1000;
  /** Lines of the last millisecond that were printed: the next look finds them again. */
  let printed = new Set<string>();
  for (;;) {
    const lines = await logLines(target, { ...query, since });
    for (const line of lines) if (!printed.has(keyOf(line))) print(line);
    if (!flags.follow) return;
    const last = lines.at(-1)?.at;
    if (last !== undefined) {
      printed = new Set(lines.filter(({ at }) => at === last).map(keyOf));
      since = last;
    }
    await delay(LOOK);
  }
}

const keyOf = ({ at, function: name, text }: LogLine): string => `${at} ${name} ${text}`;

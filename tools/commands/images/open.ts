import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import open from "open";

import { serviceOf } from "./service";
import type { ServiceFlags } from "../support/chosenService";

interface OpenFlags extends ServiceFlags {
  /** An image type. Default: that of the largest rendition. */
  type?: string;
  /** Only print the URL. */
  print: boolean;
}

/** How long the system's opener may take to tell that there is no browser: it lives as long as one that it begins. */
const OPENER_MILLISECONDS = 3_000;

/** `snail open NAME`. Ends with 1 where there is no such rendition, or no browser. */
export async function run({ type, print, ...flags }: OpenFlags, name: string): Promise<void> {
  const { status, reason, renditions } = await serviceOf(flags).images.get(name);
  const largest = [...renditions].sort((a, b) => b.width * b.height - a.width * a.height)[0];
  const chosen = type === undefined ? largest : renditions.find(({ imageType }) => imageType === type);
  if (!chosen && renditions.length > 0) {
    throw new Error(
      `${name} has no rendition ${type ?? ""}: it has ${[...new Set(renditions.map((r) => r.imageType))].join(", ")}`,
    );
  }
  if (!chosen)
    throw new Error(`${name} is ${status} and has no renditions${reason === undefined ? "" : `: ${reason}`}`);
  if (print) console.log(chosen.url);
  else await openInBrowser(chosen.url);
}

async function openInBrowser(url: string): Promise<void> {
  const problem = await open(url).then(failureOf, (error: unknown) => String(error));
  if (problem !== undefined)
    throw new Error(`no browser was opened (${problem}): open this address in one yourself: ${url}`);
}

async function failureOf(opener: ChildProcess): Promise<string | undefined> {
  opener.ref();
  if (opener.exitCode === null)
    await Promise.race([once(opener, "exit"), delay(OPENER_MILLISECONDS, undefined, { ref: false })]);
  opener.unref();
  return opener.exitCode ? `the system's opener ended with ${opener.exitCode}` : undefined;
}

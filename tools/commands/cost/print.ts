import { table } from "../support/markdownTable";
import type { Line } from "./bill";
import type { Alternative } from "./alternatives";
import type { Decisions } from "./decisions";
import type { Use } from "./use";

/** The output of `--json`. Amounts are USD a month. */
export interface Cost {
  stack: string;
  prices: { region: string; date: string };
  measuredAt: string;
  use: Use;
  lines: Line[];
  /** The same images made in other ways, per million images. */
  alternatives: Alternative[];
  decisions: Decisions;
}

/** The tables of `snail cost`. */
export function billText(cost: Cost): string {
  const { stack, prices, measuredAt, use, lines } = cost;
  const { images, gets, deletes, views, bytes, megapixels } = use;
  const about = [
    `Stack ${stack} at the prices of ${prices.region} of ${prices.date}, before free tiers; calls and CPU measured on`,
    `${measuredAt.slice(0, 10)}. A month of ${number(images)} uploads (${(bytes / 1e6).toFixed(1)} MB, ${megapixels.toFixed(1)} MP),`,
    `for each ${gets} status requests, ${deletes} deletions, ${views} downloads.`,
  ].join(" ");
  const per = images > 0 ? 1000 / images : 0;
  const rows = (kind: Line["kind"]) => byComponent(lines.filter((line) => line.kind === kind));
  const perThousand = rows("use").map(([name, usd, detail]) => [name, money(usd * per), money(usd), detail]);
  const monthly = (kind: Line["kind"]) => rows(kind).map(([name, usd, detail]) => [name, money(usd), detail]);
  return [
    about,
    table(["with use", "USD per 1,000", "USD a month", "parts"], [...perThousand, totalRow(lines, "use", per)]),
    table(["stored, of a month's uploads", "USD a month", "parts"], [...monthly("stored"), totalRow(lines, "stored")]),
    table(["idle", "USD a month", "parts"], [...monthly("idle"), totalRow(lines, "idle")]),
    table(
      ["the same renditions", "USD per million uploads"],
      cost.alternatives.map(({ name, usdPerMillion }) => [name, money(usdPerMillion)]),
    ),
    goalText(lines, images),
  ].join("\n\n");
}

/** The cost of a million uploads beside S3's PUT requests, what each decision is worth, and what is left of it with all of them. */
export function decisionsText({ decisions: { asItIs, each, all, left } }: Pick<Cost, "decisions">): string {
  const row = (name: string, usd: number) => [name, money(usd), money(asItIs - usd)];
  return [
    table(
      ["decided", "USD per million uploads, beside S3's PUT requests", "saved"],
      [
        ["this stack", money(asItIs), ""],
        ...each.map(({ name, usdPerMillion }) => row(name, usdPerMillion)),
        row("all of these", all),
      ],
    ),
    table(
      ["left with all of these", "USD per million uploads", "parts"],
      [...byComponent(left).map(([name, usd, detail]) => [name, money(usd), detail]), ["all", money(all), ""]],
    ),
  ].join("\n\n");
}

/** The goal: at most 10 USD for a million images beside S3's PUT requests. */
function goalText(lines: readonly Line[], images: number): string {
  if (images === 0) return "";
  const used = lines.filter(({ kind, component }) => kind === "use" && component !== "delivery");
  const puts = sum(used.filter(({ price }) => price === "s3Put"));
  const million = 1e6 / images;
  return `For a million uploads: ${money(sum(used) * million)} USD, of which S3's PUT requests ${money(puts * million)}, all else ${money((sum(used) - puts) * million)}.`;
}

/** Components from the dearest on: name, sum, and its largest parts. */
function byComponent(lines: readonly Line[]): [string, number, string][] {
  const groups = Object.entries(Object.groupBy(lines, ({ component }) => component));
  return groups
    .map(([name, own = []]): [string, number, string] => {
      const prices = Object.entries(Object.groupBy(own, ({ price }) => price));
      const parts = prices.map(([price, of]) => ({ price, usd: sum(of) })).sort((a, b) => b.usd - a.usd);
      return [name, sum(own), parts.map(({ price, usd }) => `${price} ${money(usd)}`).join(", ")];
    })
    .sort(([, a], [, b]) => b - a);
}

function totalRow(lines: readonly Line[], kind: Line["kind"], per?: number): string[] {
  const usd = sum(lines.filter((line) => line.kind === kind));
  return ["all", ...(per === undefined ? [] : [money(usd * per)]), money(usd), ""];
}

const sum = (lines: readonly Line[]): number => lines.reduce((total, { usd }) => total + usd, 0);

/** Two digits after the point; small amounts keep two that count. */
const money = (usd: number): string => (usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toPrecision(2));

const number = (value: number): string => value.toLocaleString("en-GB");

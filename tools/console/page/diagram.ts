import type { VNode } from "preact";

import type { Edge, Graph, Part, PipelineNow } from "../shapes.ts";
import { deniedAt } from "./denials.ts";
import { html } from "./html.ts";
import { state } from "./state.ts";
import { partPath } from "./text.ts";

const WIDTH = 222;
const HEIGHT = 78;
const COLUMN = 262;
const ROW = 96;
/** Letters of a name that fit beside each other. */
const LINE = 25;
/** Above the first row, for the number of denied calls. */
const TOP = 22;

interface Placed extends Part {
  x: number;
  y: number;
}

/** The parts of the service, from left to right, with what is under way in each now. */
export function diagram({ parts, edges }: Graph, chosen: string | undefined): VNode {
  const placed = parts.map((part) => ({ ...part, x: 10 + part.column * COLUMN, y: TOP + part.row * ROW }));
  const right = Math.max(0, ...placed.map(({ x }) => x)) + WIDTH + 10;
  const bottom = Math.max(0, ...placed.map(({ y }) => y)) + HEIGHT + 10;
  // Those of the chosen part lie above the others.
  const lines = pairs(edges).sort((a, b) => Number(touches(a, chosen)) - Number(touches(b, chosen)));
  return html`<div class="scroll">
    <svg class="pipeline" viewBox=${`0 0 ${right} ${bottom}`} role="group" aria-label="Parts of the service">
      <defs>${["tip", "tip-chosen"].map(tip)}</defs>
      ${lines.map((edge) => line(edge, placed, chosen))} ${placed.map((part) => box(part, part.name === chosen))}
    </svg>
  </div>`;
}

/** The end of a line where data goes to. */
const tip = (id: string): VNode =>
  html`<marker
    key=${id}
    id=${id}
    viewBox="0 0 8 8"
    refX="8"
    refY="4"
    markerUnits="userSpaceOnUse"
    markerWidth="10"
    markerHeight="10"
    orient="auto-start-reverse"
  >
    <path d="M0 0L8 4L0 8z" />
  </marker>`;

interface Pair extends Edge {
  /** Data goes back, too. */
  both: boolean;
}

/** The lines to draw: one where data goes both ways. */
function pairs(edges: readonly Edge[]): Pair[] {
  const has = (from: string, to: string): boolean => edges.some((edge) => edge.from === from && edge.to === to);
  return edges.flatMap(({ from, to }) => {
    const both = has(to, from);
    return both && from > to ? [] : [{ from, to, both }];
  });
}

const touches = ({ from, to }: Edge, name: string | undefined): boolean => from === name || to === name;

function line(edge: Pair, placed: readonly Placed[], chosen: string | undefined): VNode | undefined {
  const { from, to, both } = edge;
  const [start, end] = [from, to].map((name) => placed.find((part) => part.name === name));
  if (!start || !end) return undefined;
  const [y1, y2] = [start.y + HEIGHT / 2, end.y + HEIGHT / 2];
  const isForward = end.x > start.x;
  const isBeside = end.x === start.x; // a bow at the right side of both
  const [x1, x2] = [isForward || isBeside ? start.x + WIDTH : start.x, isForward ? end.x : end.x + WIDTH];
  const bend = (isForward || isBeside ? 1 : -1) * Math.max(COLUMN - WIDTH, Math.abs(x2 - x1) / 3);
  const isChosen = touches(edge, chosen);
  const arrow = `url(#${isChosen ? "tip-chosen" : "tip"})`;
  const acting = [start, end].filter(acts);
  const isBusy =
    (acting.length > 0 && acting.every((part) => figuresOf(part.name).busy)) ||
    (start.kind === "queue" && figuresOf(to).busy); // its message was too fast to be seen waiting
  return html`<path
    key=${`${from} ${to}`}
    class=${["edge", isChosen && "chosen", isBusy && "busy"].filter(Boolean).join(" ")}
    d=${`M${x1} ${y1}C${x1 + bend} ${y1} ${isBeside ? x2 + bend : x2 - bend} ${y2} ${x2} ${y2}`}
    marker-end=${arrow}
    marker-start=${both ? arrow : undefined}
  />`;
}

/** Whether a part shows that it works; what stores or passes on does not. */
const acts = ({ kind }: Part): boolean => !["bucket", "table", "bus", "distribution"].includes(kind);

function box({ name, kind, x, y }: Placed, isChosen: boolean): VNode {
  const { text, busy, bad } = figuresOf(name);
  const denied = deniedAt(name).length;
  const [first, second] = inLines(name);
  const [top, bottom] = second === undefined ? [31, 58] : [22, 65];
  return html`<a
    key=${name}
    href=${partPath(name)}
    aria-label=${[name, text, denied > 0 && `${denied} calls denied`].filter(Boolean).join(", ")}
    aria-current=${isChosen ? "true" : undefined}
    class=${["part", kind, busy && "busy", (bad || denied > 0) && "bad"].filter(Boolean).join(" ")}
  >
    <rect x=${x} y=${y} width=${WIDTH} height=${HEIGHT} rx=${kind === "queue" ? 4 : 14} />
    <text x=${x + 12} y=${y + top}>${first}</text>
    ${second !== undefined && html`<text x=${x + 12} y=${y + top + 18}>${second}</text>`}
    <text x=${x + 12} y=${y + bottom} class="small">${text}</text>
    ${denied > 0 && html`<text x=${x + WIDTH - 8} y=${y - 5} class="alarm">${denied} denied</text>`}
  </a>`;
}

/** A name as one line, or as two that end with a word. */
function inLines(name: string): [first: string, second?: string] {
  if (name.length <= LINE) return [name];
  const words = name.split(/(?<=-)|(?=[A-Z])/);
  const lengthTo = (word: number): number => words.slice(0, word).join("").length;
  const fitting = words.findLastIndex((_, word) => lengthTo(word) <= LINE - 3);
  const end = Math.max(fitting, 1);
  return [words.slice(0, end).join(""), words.slice(end).join("")];
}

/** The figures of a part, whether it works, and whether dead letters wait there. */
function figuresOf(name: string): { text: string; busy: boolean; bad: boolean } {
  const { pipeline, moved, service } = state;
  const queue = pipeline?.queues[name];
  if (queue) {
    const { waiting, inFlight, dead } = queue;
    const text = `${waiting} waiting · ${inFlight} in flight · ${dead} dead`;
    return { text, busy: waiting + inFlight > 0, bad: dead > 0 };
  }
  const bus = pipeline?.buses[name];
  if (bus) return { text: `bus · ${bus.dead} dead`, busy: false, bad: bus.dead > 0 };
  const [worker, api] = [pipeline?.functions[name], pipeline?.apis[name]];
  const part = service?.graph.parts.find((known) => known.name === name);
  const text = worker ? functionText(worker) : api ? apiText(api) : (part?.about ?? part?.kind ?? "");
  return { text, busy: (worker?.busy ?? 0) > 0 || moved.has(name), bad: false };
}

function functionText({ busy, ended, lastMs }: PipelineNow["functions"][string]): string {
  if (busy > 0) return `${busy} at work · ${ended} done`;
  return lastMs === undefined ? "idle" : `${ended} done · last ${lastMs.toFixed(0)} ms`;
}

function apiText({ requests, lastStatus, lastMs }: PipelineNow["apis"][string]): string {
  return lastStatus === undefined ? "no request yet" : `${requests} done · last ${lastStatus}, ${lastMs ?? ""} ms`;
}

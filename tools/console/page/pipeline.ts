import type { VNode } from "preact";

import type { Denial, Edge, Graph, Part } from "../shapes.ts";
import { deadLettersPanel } from "./deadLetters.ts";
import { faultsPanel } from "./faults.ts";
import { html } from "./html.ts";
import { state } from "./state.ts";
import { partPath, timeText } from "./text.ts";

const WIDTH = 250;
const HEIGHT = 62;
const COLUMN = 310;
const ROW = 88;

interface Placed extends Part {
  x: number;
  y: number;
}

/** The parts of the service, from left to right, with what is under way in each now. */
export function pipelinePage(chosen: string | undefined): VNode {
  const graph = state.service?.graph ?? { parts: [], edges: [] };
  const placed = place(graph);
  const height = Math.max(0, ...placed.map(({ y }) => y)) + HEIGHT + 20;
  return html`
    <h2>Pipeline</h2>
    ${faultsPanel()}
    <div class="scroll">
      <svg
        class="pipeline"
        viewBox=${`0 0 ${3 * COLUMN + WIDTH + 20} ${height}`}
        role="group"
        aria-label="Parts of the service"
      >
        ${graph.edges.map((edge) => line(edge, placed))} ${placed.map((part) => box(part, part.name === chosen))}
      </svg>
    </div>
    ${chosen === undefined ? html`<p class="empty">Choose a part for its log, settings and policies.</p>` : partPanel(chosen)}
    ${denials("Denied calls", state.pipeline?.denied ?? [])} ${deadLettersPanel()}
  `;
}

function place({ parts }: Graph): Placed[] {
  const rows = [0, 0, 0, 0];
  return parts.map((part) => {
    const row = rows[part.column] ?? 0;
    rows[part.column] = row + 1;
    return { ...part, x: 10 + part.column * COLUMN, y: 10 + row * ROW };
  });
}

function line({ from, to }: Edge, placed: Placed[]): VNode | undefined {
  const [start, end] = [from, to].map((name) => placed.find((part) => part.name === name));
  if (!start || !end) return undefined;
  const forward = end.x > start.x;
  const [x1, x2] = forward ? [start.x + WIDTH, end.x] : [start.x, end.x + WIDTH];
  const [y1, y2] = [start.y + HEIGHT / 2, end.y + HEIGHT / 2];
  const bend = forward ? 40 : -40;
  return html`<path
    key=${`${from} ${to}`}
    class="edge"
    d=${`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
  />`;
}

function box({ name, kind, x, y }: Placed, isChosen: boolean): VNode {
  const { text, busy, bad } = nowOf(name);
  return html`<a
    key=${name}
    href=${partPath(name)}
    aria-current=${isChosen ? "true" : undefined}
    class=${["part", kind, busy && "busy", bad && "bad"].filter(Boolean).join(" ")}
  >
    <rect x=${x} y=${y} width=${WIDTH} height=${HEIGHT} rx=${kind === "queue" ? 4 : 14} />
    <text x=${x + 12} y=${y + 25}>${name}</text>
    <text x=${x + 12} y=${y + 47} class="small">${text}</text>
  </a>`;
}

/** The figures of a part. */
function nowOf(name: string): { text: string; busy: boolean; bad: boolean } {
  const isDenied = deniedAt(name).length > 0;
  const queue = state.pipeline?.queues[name];
  if (queue) {
    const { waiting, inFlight, dead } = queue;
    const text = `${waiting} waiting · ${inFlight} in flight · ${dead} dead`;
    return { text, busy: waiting + inFlight > 0, bad: dead > 0 || isDenied };
  }
  const { busy = 0, lastMs } = state.pipeline?.functions[name] ?? {};
  const kind = state.service?.graph.parts.find((part) => part.name === name)?.kind;
  if (kind !== "function") return { text: kind ?? "", busy: false, bad: isDenied };
  return {
    text: `${busy} at work${lastMs === undefined ? "" : ` · last ${lastMs.toFixed(0)} ms`}`,
    busy: busy > 0,
    bad: isDenied,
  };
}

function partPanel(name: string): VNode {
  const lines = state.lines.filter(({ from }) => from === name).slice(0, 50);
  const { settings, policies = [] } = state.part?.name === name ? state.part : {};
  return html`<section aria-labelledby="part">
    <h3 id="part">${name}</h3>
    <ol class="lines">
      ${lines.map(({ time, level, text }) => html`<li key=${time + text} class=${level}><time datetime=${time}>${timeText(time)}</time><span class="from">${level}</span><span>${text}</span></li>`)}
    </ol>
    ${lines.length === 0 && html`<p class="empty">It has logged nothing since this page was opened.</p>`}
    ${denials("Denied here", deniedAt(name))}
    <details>
      <summary>Settings</summary>
      <pre>${JSON.stringify(settings, undefined, 2)}</pre>
    </details>
    ${policies.map(
      (policy) =>
        html`<details key=${policy.name}>
          <summary>${policy.name}</summary>
          <pre>${JSON.stringify(policy.document, undefined, 2)}</pre>
        </details>`,
    )}
  </section>`;
}

/** Calls that were denied to a part, or denied about it. */
const deniedAt = (name: string): Denial[] =>
  (state.pipeline?.denied ?? []).filter(({ by, at }) => by === name || at === name);

function denials(title: string, denied: Denial[]): VNode | undefined {
  if (denied.length === 0) return undefined;
  return html`<section class="denied">
    <h3>${title}</h3>
    <ol class="lines">
      ${denied.map(({ time, by, action, resource }) => html`<li key=${time + action} class="ERROR"><time datetime=${time}>${timeText(time)}</time><span class="from">${by}</span><span>${action} on ${resource}</span></li>`)}
    </ol>
  </section>`;
}

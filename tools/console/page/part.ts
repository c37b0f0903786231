import type { VNode } from "preact";

import type { ShownLine } from "../shapes.ts";
import { post } from "./calls.ts";
import { deniedAt, denials } from "./denials.ts";
import { html } from "./html.ts";
import { newerLines } from "./newerLines.ts";
import { change, state } from "./state.ts";
import { timeText } from "./text.ts";

const MOST_LINES = 50;

/** A part's log, the calls that were denied there, its settings and policies. */
export function partPanel(name: string): VNode {
  const details = state.part?.name === name ? state.part : undefined;
  const kind = state.service?.graph.parts.find((part) => part.name === name)?.kind;
  return html`<section aria-labelledby="part">
    <h3 id="part" key=${name} ref=${reveal}>${name}</h3>
    ${kind === "schedule" && html`<p class="actions"><button type="button" onClick=${() => fire(name)}>Run it now</button></p>`}
    ${denials("Denied here", deniedAt(name))} ${details?.lines && log(name, details.lines)}
    ${documents(
      "Settings",
      (details?.settings ?? []).map((of) => [of.name, of.values] as const),
    )}
    ${documents(
      "Policies",
      (details?.policies ?? []).map((policy) => [policy.name, policy.document] as const),
    )}
  </section>`;
}

/** Brings the heading of a part that was just chosen into sight. */
const reveal = (heading: HTMLElement | null): void => heading?.scrollIntoView({ block: "nearest" });

/** The lines that came since the page asked for the log, and those before. */
function log(name: string, before: readonly ShownLine[]): VNode {
  const lines = [...newerLines(state.lines, name, before), ...before].slice(0, MOST_LINES);
  if (lines.length === 0) return html`<p class="empty">Its log is empty.</p>`;
  return html`<ol class="lines" aria-label="Log">
    ${lines.map(
      ({ time, level, text }) =>
        html`<li key=${time + text} class=${level}>
          <time datetime=${time}>${timeText(time)}</time><span class="from">${level}</span><span>${text}</span>
        </li>`,
    )}
  </ol>`;
}

function documents(title: string, all: (readonly [name: string, content: object])[]): VNode | undefined {
  if (all.length === 0) return undefined;
  return html`<h4>${title}</h4>
    ${all.map(
      ([name, content]) =>
        html`<details key=${name}>
          <summary>${name}</summary>
          <pre tabindex="0">${JSON.stringify(content, undefined, 2)}</pre>
        </details>`,
    )}`;
}

function fire(name: string): void {
  post("/fire", { name }).then(
    () => change({ notice: `${name} runs now.` }),
    (error: unknown) => change({ notice: String(error) }),
  );
}

import type { VNode } from "preact";

import type { ShownCause } from "../shapes.ts";
import { post, read } from "./calls.ts";
import { html } from "./html.ts";
import { change, state } from "./state.ts";
import { timeText } from "./text.ts";

/** Dead letters by cause, with what can be done about them. */
export function deadLettersPanel(): VNode | undefined {
  const causes = state.deadLetters ?? [];
  if (causes.length === 0) return undefined;
  return html`<section aria-labelledby="dead-letters">
    <h3 id="dead-letters">Dead letters</h3>
    <ul class="causes">
      ${causes.map(row)}
    </ul>
  </section>`;
}

function row(group: ShownCause): VNode {
  const { queue, cause, reason, example, letters, since, poison, mayBeDeleted } = group;
  return html`<li key=${queue + cause}>
    <strong>${letters} × ${cause}</strong> <span class="from">${queue}, since ${timeText(since)}</span>
    <p class="reason">${reason}</p>
    <pre>${example}</pre>
    ${
      poison
        ? html`<span class="facts">No retry can succeed. </span>`
        : html`<button type="button" onClick=${() => settle(group, "move")}>Move back</button>`
    }
    ${mayBeDeleted && html`<button type="button" class="danger" onClick=${() => settle(group, "delete")}>Delete</button>`}
  </li>`;
}

/** Reads the dead letters again where their number is another one. */
export function followDeadLetters(): void {
  const counts = Object.values(state.pipeline?.queues ?? {}).map(({ dead }) => dead);
  const seen = counts.join(" ");
  if (!state.showsPipeline || seen === state.seenDead) return;
  change({ seenDead: seen });
  read<ShownCause[]>("/dead-letters").then(
    (deadLetters) => change({ deadLetters }),
    (error: unknown) => change({ notice: String(error), seenDead: undefined }),
  );
}

function settle({ queue, cause, letters }: ShownCause, act: "move" | "delete"): void {
  if (act === "delete" && !confirm(`Delete ${letters} dead letters of the cause ${cause} for good?`)) return;
  post<{ letters: number }>("/dead-letters", { queue, cause, act }).then(
    ({ letters }) => {
      change({ notice: `${letters} ${act === "move" ? "moved back" : "deleted"}.`, seenDead: undefined });
      followDeadLetters();
    },
    (error: unknown) => change({ notice: String(error) }),
  );
}

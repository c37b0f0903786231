import type { VNode } from "preact";

import type { Denial } from "../shapes.ts";
import { html } from "./html.ts";
import { state } from "./state.ts";
import { timeText } from "./text.ts";

/** Calls that were denied to a part, or denied about it. */
export const deniedAt = (name: string): Denial[] =>
  (state.pipeline?.denied ?? []).filter(({ by, at }) => by === name || at === name);

/** A list of denied calls, under a title. */
export function denials(title: string, denied: readonly Denial[]): VNode | undefined {
  if (denied.length === 0) return undefined;
  return html`<section class="denied">
    <h3>${title}</h3>
    <ol class="lines">
      ${denied.map(
        ({ time, by, action, resource }) =>
          html`<li key=${time + action} class="ERROR">
            <time datetime=${time}>${timeText(time)}</time
            ><span class="from">${by === "*" ? "a caller without keys" : by}</span><span>${action} on ${resource}</span>
          </li>`,
      )}
    </ol>
  </section>`;
}

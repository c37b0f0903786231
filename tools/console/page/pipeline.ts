import type { VNode } from "preact";

import { deadLettersPanel } from "./deadLetters.ts";
import { denials } from "./denials.ts";
import { diagram } from "./diagram.ts";
import { faultsPanel, strikes } from "./faults.ts";
import { html } from "./html.ts";
import { partPanel } from "./part.ts";
import { state } from "./state.ts";

/** The service at work, one of its parts, and what went wrong in it. */
export function pipelinePage(chosen: string | undefined): VNode {
  return html`
    <h2>Pipeline</h2>
    ${faultsPanel()} ${diagram(state.service?.graph ?? { parts: [], edges: [] }, chosen)}
    ${chosen === undefined ? html`<p class="empty">Choose a part for its log, settings and policies.</p>` : partPanel(chosen)}
    ${strikes()} ${denials("Denied calls", state.pipeline?.denied ?? [])} ${deadLettersPanel()}
  `;
}

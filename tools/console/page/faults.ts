import type { VNode } from "preact";

import type { OrderedFault } from "../shapes.ts";
import { post } from "./calls.ts";
import { html } from "./html.ts";
import { change, state } from "./state.ts";
import { imagePath, timeText } from "./text.ts";

const MOST_SHOWN = 4;
/** The file of the buttons, as the server names it. */
const SAMPLE = "test picture.png";

const buttons: [fault: OrderedFault, text: string, effect: string][] = [
  ["kill", "Kill it", "Its process is killed while it writes."],
  ["duplicate", "Deliver twice", "Its queue has the next message twice."],
  ["answer", "Lose an answer", "A write takes effect, and its answer is lost."],
  ["throttle", "Throttle it", "Its next ten calls of AWS are throttled."],
  ["poison", "Send it poison", "Its queue gets a message that cannot be read."],
];

/** Buttons that make things go wrong, and whether something is lost. */
export function faultsPanel(): VNode {
  const { functions = [], ordered = [] } = state.pipeline?.faults ?? {};
  // Asked at a click, not when it was drawn: the choice may be a moment old.
  const victim = (): string => state.victim ?? functions[0] ?? "";
  return html`<section aria-labelledby="faults">
    <h3 id="faults">Try it, and make something go wrong</h3>
    <p class="actions">
      <button type="button" onClick=${() => send("A picture that is good.", { kind: "good" })}>
        Send a test picture
      </button>
      <button type="button" onClick=${() => send("A file that is not a picture.", { kind: "bad" })}>
        Send a bad file
      </button>
    </p>
    <p class="facts">
      These send the test picture too, and their fault strikes the function once. From the first fault on, a message
      that fails comes again after 2 seconds; on AWS after 20 seconds or more.
    </p>
    <p class="actions">
      <label class="choice">
        Function
        <select onChange=${({ currentTarget }: Chosen) => change({ victim: currentTarget.value })}>
          ${functions.map((name) => html`<option key=${name} selected=${name === victim()}>${name}</option>`)}
        </select>
      </label>
      ${buttons.map(
        ([fault, text, effect]) =>
          html`<button
            key=${fault}
            type="button"
            title=${effect}
            onClick=${() => send(`${text}, ${victim()}: ${effect}`, { fault, name: victim() })}
          >
            ${text}
          </button>`,
      )}
    </p>
    <p class="verdict" role="status">${verdict(ordered.length)}</p>
  </section>`;
}

/** Faults that are still to strike, and the last ones that struck, with the calls that they struck. */
export function strikes(): VNode | undefined {
  const { ordered = [], struck = [] } = state.pipeline?.faults ?? {};
  if (ordered.length + struck.length === 0) return undefined;
  return html`<section aria-labelledby="strikes">
    <h3 id="strikes">Faults</h3>
    <ol class="lines">
      ${ordered.map(
        ({ kind, at, times }) =>
          html`<li key=${kind + at}>
            <span>next</span><span class="from">${at}</span><span>${kind} × ${times}</span>
          </li>`,
      )}
      ${struck
        .slice(0, MOST_SHOWN)
        .map(
          ({ time, kind, at, call }) =>
            html`<li key=${time + kind} class="WARN">
              <time datetime=${time}>${timeText(time)}</time><span class="from">${at}</span
              ><span>${kind}${call !== undefined && `: ${call}`}</span>
            </li>`,
        )}
    </ol>
  </section>`;
}

interface Chosen {
  currentTarget: { value: string };
}

/** The outcome of the test picture, as far as it is decided. */
function verdict(ordered: number): VNode | string {
  const image = state.images.get(SAMPLE);
  if (!image) return "";
  const queues = Object.values(state.pipeline?.queues ?? {});
  const underWay = queues.reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0);
  const dead = queues.reduce((sum, queue) => sum + queue.dead, 0);
  const link = html`<a href=${imagePath(SAMPLE)}>${SAMPLE}</a>`;
  if (underWay > 0) return html`${link} is ${image.status}; ${underWay} messages wait or are in flight.`;
  if (image.status !== "READY" || image.pending) return html`${link} is ${(image.pending ?? image).status}.`;
  return html`Nothing is lost: ${link} is READY with ${image.renditions.length} renditions, and no message is under way
  ${dead > 0 && `; dead letters below: ${dead}`}${ordered > 0 && "; a fault has had no occasion to strike yet"}.`;
}

/** @param notice says what happens now */
function send(notice: string, query: Record<string, string>): void {
  change({ notice });
  post("/sample", query).catch((error: unknown) => change({ notice: String(error) }));
}

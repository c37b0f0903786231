import { render, type VNode } from "preact";

import { gallery } from "./gallery.ts";
import { html } from "./html.ts";
import { imagePage } from "./image.ts";
import { follow, showDetails } from "./live.ts";
import { pipelinePage } from "./pipeline.ts";
import { change, onChange, state } from "./state.ts";
import { droppedFiles, upload } from "./uploads.ts";

/** Whether another page has just been asked for. */
let arrives = false;

function show(): void {
  const { connected, service, details, notice, showsPipeline } = state;
  const title = showsPipeline ? "Pipeline" : details?.name;
  document.title = title === undefined ? "snail-images" : `${title} – snail-images`;
  const page = html`
    <header>
      <h1><a href="#/">snail-images</a></h1>
      <nav aria-label="Pages">
        <a href="#/" aria-current=${showsPipeline ? undefined : "page"}>Images</a>
        <a href="#/pipeline" aria-current=${showsPipeline ? "page" : undefined}>Pipeline</a>
      </nav>
      <span class=${connected ? "live" : "lost"} role="status">
        ${connected ? `stack ${service?.stack ?? ""}` : "waiting for the service …"}
      </span>
    </header>
    <p class="notice" aria-live="polite">${notice}</p>
    <main tabindex="-1">${main()}</main>
  `;
  render(page, document.body);
  // The keyboard goes on at the beginning of the new page, where the link that led to it is gone.
  if (arrives && document.activeElement === document.body)
    document.querySelector("main")?.focus({ preventScroll: true });
  arrives = false;
}

function main(): VNode {
  const { details, showsPipeline, part } = state;
  if (showsPipeline) return pipelinePage(part?.name);
  return details ? imagePage(details.name) : gallery();
}

document.body.replaceChildren();
onChange(show);
addEventListener("hashchange", ({ oldURL, newURL }) => {
  arrives = true;
  // Who chooses a part goes on looking at the diagram.
  if (![oldURL, newURL].every((url) => new URL(url).hash.startsWith("#/pipeline"))) scrollTo(0, 0);
  change({ notice: "" });
  showDetails();
});
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", () => document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (!event.dataTransfer) return;
  droppedFiles(event.dataTransfer.items).then(
    (files) => upload(files),
    (error: unknown) => change({ notice: String(error) }),
  );
});
follow();
showDetails();

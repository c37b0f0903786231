import { render, type VNode } from "preact";

import { gallery } from "./gallery.ts";
import { html } from "./html.ts";
import { imagePage } from "./image.ts";
import { follow, showDetails } from "./live.ts";
import { pipelinePage } from "./pipeline.ts";
import { change, onChange, state } from "./state.ts";
import { droppedFiles, upload } from "./uploads.ts";

function show(): void {
  const { connected, service, details, notice } = state;
  document.title = details ? `${details.name} – snail-images` : "snail-images";
  const page = html`
    <header>
      <h1><a href="#/">snail-images</a></h1>
      <nav><a href="#/">Images</a> <a href="#/pipeline">Pipeline</a></nav>
      <span class=${connected ? "live" : "lost"} role="status">
        ${connected ? `stack ${service?.stack ?? ""}` : "waiting for the service …"}
      </span>
    </header>
    <p class="notice" aria-live="polite">${notice}</p>
    <main>${main()}</main>
  `;
  render(page, document.body);
}

function main(): VNode {
  const { details, showsPipeline, part } = state;
  if (showsPipeline) return pipelinePage(part?.name);
  return details ? imagePage(details.name) : gallery();
}

document.body.replaceChildren();
onChange(show);
addEventListener("hashchange", () => {
  scrollTo(0, 0);
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

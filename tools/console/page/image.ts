import type { VNode } from "preact";

import type { ShownImage, ShownLine, ShownRendition } from "../shapes.ts";
import { deleteImage, picturePath } from "./calls.ts";
import { copyMarkup, copyUrl } from "./copy.ts";
import { statusText } from "./gallery.ts";
import { html } from "./html.ts";
import { change, state } from "./state.ts";
import { momentText, partPath, sizeText, timeText } from "./text.ts";
import { upload } from "./uploads.ts";

/** The page of one image: its original, its renditions, and what happened to it. */
export function imagePage(name: string): VNode {
  const { image = state.images.get(name), history } = state.details?.name === name ? state.details : {};
  const progress = state.uploads.find((upload) => upload.name === name && upload.state === "sending");
  return html`
    <nav><a href="#/">← All images</a></nav>
    <h2 class="title">${name}</h2>
    ${image ? statusText(image) : html`<p class="empty">There is no image of this name.</p>`}
    ${progress && html`<progress max=${progress.bytes} value=${progress.sent} aria-label="Sent"></progress>`}
    <p class="actions">${actions(name, image)}</p>
    ${image && original(image)} ${image && image.renditions.length > 0 && renditions(image)}
    ${history && historyOf(name, history)}
  `;
}

function actions(name: string, image: ShownImage | undefined): VNode {
  const replace = ({ currentTarget }: { currentTarget: HTMLInputElement }): void => {
    upload([...(currentTarget.files ?? [])], name);
    currentTarget.value = "";
  };
  const isThere = image !== undefined && !["DELETED", "DELETING"].includes(image.status);
  return html`
    <label class="button">${isThere ? "Replace" : "Upload"}<input type="file" onChange=${replace} /></label>
    ${isThere && html`<button type="button" class="danger" onClick=${() => act(() => remove(name))}>Delete</button>`}
    ${
      image &&
      image.renditions.length > 0 &&
      html`<button type="button" onClick=${() => act(() => copyMarkup(name))}>Copy ${"<picture>"} markup</button>`
    }
  `;
}

function act(work: () => Promise<string>): void {
  work().then(
    (notice) => change({ notice }),
    (error: unknown) => change({ notice: error instanceof Error ? error.message : String(error) }),
  );
}

async function remove(name: string): Promise<string> {
  if (!confirm(`Delete ${name} and all its renditions?`)) return "";
  await deleteImage(name);
  return `${name} is being deleted.`;
}

function original(image: ShownImage): VNode | undefined {
  const { generation, format, bytes, width, height, metadata, focus, createdAt, updatedAt } = image;
  const facts: [string, string | undefined][] = [
    ["format", format],
    ["size", bytes === undefined ? undefined : sizeText(bytes)],
    ["pixels", width === undefined ? undefined : `${width} × ${height ?? ""}`],
    ["generation", generation],
    ["metadata", metadata && JSON.stringify(metadata)],
    ["focus", focus && `${focus.x}, ${focus.y}`],
    ["created", createdAt && timeText(createdAt)],
    ["changed", updatedAt && timeText(updatedAt)],
  ];
  return html`<section aria-labelledby="original">
    <h3 id="original">Original</h3>
    <dl>
      ${facts.map(
        ([term, value]) =>
          value !== undefined &&
          html`<div key=${term}>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${generation !== undefined && image.status === "READY" && html`<p><a href=${picturePath(image, "raw", format ?? "")}>Download the original</a></p>`}
  </section>`;
}

function renditions(image: ShownImage): VNode {
  return html`<section aria-labelledby="renditions">
    <h3 id="renditions">Renditions</h3>
    <ul class="renditions">
      ${image.renditions.map((rendition) => renditionTile(image, rendition))}
    </ul>
  </section>`;
}

function renditionTile(image: ShownImage, { imageType, format, width, height, bytes }: ShownRendition): VNode {
  const path = picturePath(image, imageType, format);
  return html`<li key=${`${imageType}.${format}`}>
    <a href=${path} class="frame"><img src=${path} alt=${`${imageType} as ${format}`} loading="lazy" /></a>
    <strong>${imageType}</strong> <span class="facts">${format}, ${width} × ${height}, ${sizeText(bytes)}</span>
    <button
      type="button"
      aria-label=${`Copy the URL of ${imageType} as ${format}`}
      onClick=${() => act(() => copyUrl(image.name, imageType, format))}
    >
      Copy URL
    </button>
  </li>`;
}

function historyOf(name: string, history: ShownLine[]): VNode {
  return html`<section aria-labelledby="history">
    <h3 id="history">History</h3>
    ${history.length === 0 && html`<p class="empty">Nothing is known of it.</p>`}
    <ol class="lines">
      ${history.map(
        ({ time, from, level, text }) =>
          html`<li key=${time + from + text} class=${level}>
            <time datetime=${time}>${momentText(time)}</time> <a class="from" href=${partPath(from)}>${from}</a>
            <span>${text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text}</span>
          </li>`,
      )}
    </ol>
  </section>`;
}

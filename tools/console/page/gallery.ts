import type { VNode } from "preact";

import type { ShownImage } from "../shapes.ts";
import { thumbnailPath } from "./calls.ts";
import { html } from "./html.ts";
import { placeholder, uncover } from "./placeholder.ts";
import { change, state, type Upload } from "./state.ts";
import { imagePath, sizeText, timeText } from "./text.ts";
import { imagesAmong, upload } from "./uploads.ts";

/** All images, the one that was changed last first, and the uploads under way. */
export function gallery(): VNode {
  const wanted = state.filter.toLowerCase();
  const images = [...state.images.values()]
    .filter(({ name, status }) => status !== "DELETED" && `${name} ${status}`.toLowerCase().includes(wanted))
    .sort((a, b) => ((a.updatedAt ?? "9") < (b.updatedAt ?? "9") ? 1 : -1));
  const shown = images.slice(0, state.most);
  return html`
    ${picker()} ${uploads()}
    <section aria-labelledby="images">
      <div class="heading">
        <h2 id="images">Images <small>${images.length}</small></h2>
        <input
          type="search"
          placeholder="name or status"
          aria-label="Show only images with this name or status"
          value=${state.filter}
          onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => change({ filter: currentTarget.value })}
        />
      </div>
      ${images.length === 0 && emptyText()}
      <ul class="images">
        ${shown.map(tile)}
      </ul>
      ${
        images.length > shown.length &&
        html`<button type="button" onClick=${() => change({ most: state.most + 200 })}>
          Show more of ${images.length}
        </button>`
      }
    </section>
  `;
}

const emptyText = (): VNode =>
  state.filter !== ""
    ? html`<p class="empty">No image has this name or status.</p>`
    : html`<p class="empty">
        No image yet: drop one on this page, or <a href="#/pipeline">send a test picture</a> and see where it goes.
      </p>`;

function tile(image: ShownImage): VNode {
  const { name, status, width, height, bytes, format, updatedAt } = image;
  return html`<li key=${name}>
    <a href=${imagePath(name)} class="tile">
      <span class="frame">
        ${placeholder(image)}
        ${status === "READY" && html`<img src=${thumbnailPath(image)} alt="" loading="lazy" onLoad=${uncover} />`}
      </span>
      <span class="name">${name}</span>
      ${statusText(image)}
      ${width !== undefined && html`<span class="facts">${width} × ${height} ${format}, ${sizeText(bytes ?? 0)}</span>`}
      ${updatedAt !== undefined && status !== "READY" && html`<time datetime=${updatedAt}>${timeText(updatedAt)}</time>`}
    </a>
  </li>`;
}

/** An image's status, what is on its way, and the reason of a refusal. */
export function statusText({ status, reason, pending }: ShownImage): VNode {
  return html`<span class="states">
    <span class=${`status ${status}`}>${status}</span>
    ${pending && html`<span class=${`status ${pending.status}`}>next: ${pending.status}</span>`}
    ${(reason ?? pending?.reason) !== undefined && html`<span class="reason">${reason ?? pending?.reason}</span>`}
  </span>`;
}

interface Chosen {
  currentTarget: HTMLInputElement;
}

function picker(): VNode {
  const extensions = state.service?.extensions ?? [];
  const choose =
    (filter: (files: Iterable<File>) => File[]) =>
    ({ currentTarget }: Chosen) => {
      upload(filter(currentTarget.files ?? []));
      currentTarget.value = "";
    };
  return html`<section class="picker" aria-label="Upload">
    <p>Drop images or folders anywhere on this page, or</p>
    <label class="button">
      choose files
      <input
        type="file"
        multiple
        accept=${extensions.map((extension) => `.${extension}`).join(",")}
        onChange=${choose((files) => [...files])}
      />
    </label>
    <label class="button">
      choose a folder
      <input type="file" multiple webkitdirectory onChange=${choose(imagesAmong)} />
    </label>
    <p class="facts">${extensions.join(", ")}${state.service && `, up to ${sizeText(state.service.maxBytes)}`}</p>
  </section>`;
}

function uploads(): VNode | false {
  const finished = state.uploads.some(({ state: at }) => at === "sent" || at === "failed");
  return (
    state.uploads.length > 0 &&
    html`<section aria-labelledby="uploads">
      <div class="heading">
        <h2 id="uploads">Uploads</h2>
        ${
          finished &&
          html`<button type="button" onClick=${() => change({ uploads: state.uploads.filter(isUnderWay) })}>
            Clear
          </button>`
        }
      </div>
      <ul class="uploads">
        ${state.uploads.slice(0, 50).map(uploadRow)}
      </ul>
    </section>`
  );
}

const isUnderWay = ({ state: at }: Upload): boolean => at === "waiting" || at === "sending";

function uploadRow({ id, name, bytes, sent, state: at, error }: Upload): VNode {
  return html`<li key=${id} class=${at}>
    <a href=${imagePath(name)}>${name}</a>
    <progress max=${Math.max(bytes, 1)} value=${sent} aria-label=${`Sent of ${name}`}></progress>
    <span class="facts">${at === "failed" ? error : `${at}, ${sizeText(sent)} of ${sizeText(bytes)}`}</span>
  </li>`;
}

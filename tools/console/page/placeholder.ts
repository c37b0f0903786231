import type { VNode } from "preact";
import { thumbHashToRGBA } from "thumbhash";

import type { ShownImage } from "../shapes.ts";
import { html } from "./html.ts";

/** A blurred picture of an image, until its thumbnail is there. */
export function placeholder({ placeholder: hash }: ShownImage): VNode | undefined {
  return hash === undefined
    ? undefined
    : html`<canvas aria-hidden="true" ref=${(canvas: HTMLCanvasElement | null) => canvas && paint(canvas, hash)} />`;
}

/** Hides the placeholder behind a picture that is there, through whose transparent parts it would show. */
export function uncover({ currentTarget }: { currentTarget: HTMLImageElement }): void {
  const canvas = currentTarget.parentElement?.querySelector("canvas");
  if (canvas) canvas.style.visibility = "hidden";
}

function paint(canvas: HTMLCanvasElement, hash: string): void {
  if (canvas.dataset.hash === hash) return; // painted already
  const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(hash), (character) => character.charCodeAt(0)));
  Object.assign(canvas, { width: w, height: h });
  canvas.dataset.hash = hash;
  canvas.getContext("2d")?.putImageData(new ImageData(Uint8ClampedArray.from(rgba), w, h), 0, 0);
}

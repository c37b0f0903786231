import htm from "htm";
import { h, type VNode } from "preact";

/** Markup with values, as virtual nodes of Preact. */
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

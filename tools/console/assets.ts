import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";

export interface Asset {
  contentType: string;
  body: string;
}

/** Modules from npm that the page imports by their names. */
const modules: Record<string, string> = {
  preact: "preact/dist/preact.mjs",
  "preact/hooks": "preact/hooks/dist/hooks.mjs",
  htm: "htm/dist/htm.mjs",
  thumbhash: "thumbhash/thumbhash.js",
};
const pathOf = (name: string): string => `/modules/${name}.js`;
const importMap = JSON.stringify({
  imports: Object.fromEntries(Object.keys(modules).map((name) => [name, pathOf(name)])),
});

/** Scripts are the page's own files, and the import map by its hash. Nothing comes from another host. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash("sha256").update(importMap).digest("base64")}'`,
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const script = "text/javascript; charset=utf-8";

/** A file of the page, or undefined where there is none at this path. TypeScript is served without its types. */
export function assetAt(path: string): Asset | undefined {
  if (path === "/")
    return {
      contentType: "text/html; charset=utf-8",
      body: read("index.html").replace("<!-- import map -->", `<script type="importmap">${importMap}</script>`),
    };
  if (path === "/page/style.css") return { contentType: "text/css; charset=utf-8", body: read("style.css") };
  if (path === "/page/icon.svg") return { contentType: "image/svg+xml", body: read("icon.svg") };
  const [, own] = /^\/page\/([a-zA-Z]+\.ts)$/.exec(path) ?? [];
  if (own !== undefined) {
    const text = read(own);
    return text === "" ? undefined : { contentType: script, body: stripTypeScriptTypes(text) };
  }
  const name = Object.keys(modules).find((known) => pathOf(known) === path);
  if (name === undefined) return undefined;
  return {
    contentType: script,
    body: readFileSync(join(__dirname, "../../node_modules", modules[name] ?? ""), "utf8"),
  };
}

/** A file of `page/`; empty where there is none. */
function read(file: string): string {
  try {
    return readFileSync(join(__dirname, "page", file), "utf8");
  } catch {
    return "";
  }
}

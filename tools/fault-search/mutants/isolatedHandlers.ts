import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { runInThisContext } from "node:vm";
import * as ts from "typescript";
import type { Handlers } from "../world/deployedHandlers";

const root = join(__dirname, "../../..");
const handlersFolder = join(root, "handlers");
const compiled = new Map<string, string>();

function compile(file: string, source: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  return ts.transpileModule(source, { compilerOptions, fileName: file }).outputText;
}

function compiledFile(file: string): string {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const text = compile(file, readFileSync(file, "utf8"));
  compiled.set(file, text);
  return text;
}

/**
 * A set of handlers of its own, made from their TypeScript sources.
 *
 * @param changed sources that differ from the files, by path from the root: `handlers/protocol/messages.ts`.
 */
export function isolatedHandlers(changed: ReadonlyMap<string, string> = new Map()): Handlers {
  const modules = new Map<string, object>();
  const load = (file: string): object => {
    const known = modules.get(file);
    if (known) return known;
    const module = { exports: {} };
    modules.set(file, module.exports);
    const source = changed.get(relative(root, file));
    const text = source === undefined ? compiledFile(file) : compile(file, source);
    const nodeRequire = createRequire(file);
    const requireFrom = (name: string): unknown =>
      name.startsWith(".") ? load(`${join(dirname(file), name)}.ts`) : nodeRequire(name);
    const wrapper = runInThisContext(`(function (exports, require, module) {${text}\n})`, {
      filename: `${file.slice(0, -".ts".length)}.js`,
    }) as (exports: object, requireFrom: (name: string) => unknown, module: object) => void;
    wrapper(module.exports, requireFrom, module);
    return module.exports;
  };
  const names = [
    "entries/perMessage",
    "image/watch",
    "protocol/rawImagePutProcess",
    "protocol/resolutionBasedImagePutProcess",
    "protocol/rawImageDeleteProcess",
    "protocol/resolutionBasedImageDeleteProcess",
    "protocol/rawImageGetProcess",
    "protocol/sweepProcess",
    "protocol/imageEventProcess",
  ];
  return Object.assign({}, ...names.map((name) => load(join(handlersFolder, `${name}.ts`)))) as Handlers;
}

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runInThisContext } from "node:vm";
import * as ts from "typescript";
import type { Handlers } from "../world/deployedHandlers";

/** One deliberate mistake in the compiled handlers. */
export interface Mutant {
  name: string;
  /** What goes wrong in words. */
  mistake: string;
  /** The file under `handlers/`, without its extension. */
  file: string;
  /** A text that occurs exactly once in the compiled file, and what stands there instead; or several of them. */
  changes: [from: string, to: string][];
  /** Why no schedule can tell the mutant from the handlers, where that is so. */
  equivalent?: string;
}

const handlersFolder = join(__dirname, "../../../handlers");
const compiled = new Map<string, string>();

/** A handler's source as JavaScript. */
export function compile(file: string): string {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const source = readFileSync(`${file}.ts`, "utf8");
  const compilerOptions = { target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const { outputText } = ts.transpileModule(source, { compilerOptions, fileName: `${file}.ts` });
  compiled.set(file, outputText);
  return outputText;
}

/** The compiled file with the mistake in it. Throws where the handlers have changed so that it no longer fits. */
export function mutatedText({ name, file, changes }: Mutant): string {
  let text = compile(join(handlersFolder, file));
  for (const [from, to] of changes) {
    const times = text.split(from).length - 1;
    if (times !== 1) {
      throw new Error(`mutant "${name}": its text occurs ${times} times in the compiled ${file}, not once: ${from}`);
    }
    text = text.replace(from, () => to);
  }
  return text;
}

/** A set of handlers of its own, with one mistake in it, or with none. */
export function loadHandlers(mutant?: Mutant): Handlers {
  const mutated = mutant && { file: join(handlersFolder, mutant.file), text: mutatedText(mutant) };
  const modules = new Map<string, object>();
  const load = (file: string): object => {
    const known = modules.get(file);
    if (known) return known;
    const module = { exports: {} };
    modules.set(file, module.exports);
    const text = mutated?.file === file ? mutated.text : compile(file);
    const nodeRequire = createRequire(`${file}.ts`);
    const requireFrom = (name: string): unknown =>
      name.startsWith(".") ? load(join(dirname(file), name)) : nodeRequire(name);
    const wrapper = runInThisContext(`(function (exports, require, module) {${text}\n})`, {
      filename: `${file}.js`,
    }) as (exports: object, requireFrom: (name: string) => unknown, module: object) => void;
    wrapper(module.exports, requireFrom, module);
    return module.exports;
  };
  const names = [
    "entries/perMessage",
    "protocol/rawImagePutProcess",
    "protocol/resolutionBasedImagePutProcess",
    "protocol/rawImageDeleteProcess",
    "protocol/resolutionBasedImageDeleteProcess",
    "protocol/rawImageGetProcess",
  ];
  return Object.assign({}, ...names.map((name) => load(join(handlersFolder, name)))) as Handlers;
}

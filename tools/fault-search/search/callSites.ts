import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

const handlersFolder = join(__dirname, "../../../handlers");
const files = [
  ...readdirSync(join(handlersFolder, "protocol"))
    .filter((file) => !["rawImageGetProcess.ts", "rawImageListProcess.ts"].includes(file)) // read, and change nothing
    .map((file) => `protocol/${file}`),
  "entries/perMessage.ts",
];
const portNames = new Set([
  ...["temp", "images", "edgeCaches", "metadata", "lists", "events", "deadLetters"],
  ...["uploadQueue", "putQueue", "deleteQueue"],
]);

/** Every place in the handlers where a port is called: `protocol/rawImagePutProcess.ts:120 images.create`. */
export function callSites(): string[] {
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(join(handlersFolder, file), "utf8"), ts.ScriptTarget.ES2020);
    const sites: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
        const { expression: port, name } = node.expression;
        const portName = ts.isPropertyAccessExpression(port) ? port.name.text : ts.isIdentifier(port) ? port.text : "";
        const { line } = source.getLineAndCharacterOfPosition(name.getStart(source));
        if (portNames.has(portName)) sites.push(`${file}:${line + 1} ${portName}.${name.text}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return sites;
  });
}

/** The place from which a port is called just now. Slow: it reads the stack. */
export function currentSite(callName: string): string {
  const frame = /handlers[\\/](\w+[\\/]\w+\.ts):(\d+)/.exec(new Error().stack ?? "");
  return `${frame?.[1] ?? "?"}:${frame?.[2] ?? "?"} ${callName}`;
}

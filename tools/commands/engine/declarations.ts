import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Properties, Schema } from "../../embedded-aws/engine";

/** The type token under which the provider's own configuration stands in the table. */
const PROVIDER = "pulumi:providers:aws";

/**
 * Reads the input properties of resource types from a package's type declarations.
 * @param folder of the installed @pulumi/aws
 * @param tokens resource types, as `aws:sqs/queue:Queue`
 * @throws Error when a token has no declaration, or a property has a type that the table cannot express
 */
export function readSchema(folder: string, tokens: readonly string[]): Schema {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const nested = interfacesOf(parse(join(folder, "types", "input.d.ts")));
  const objects: Record<string, Properties> = {};
  const visit = (name: string): string => {
    const declaration = nested.get(name);
    if (!declaration) return "any";
    if (!(name in objects)) {
      objects[name] = {};
      objects[name] = propertiesOf(declaration, visit);
    }
    return `@${name}`;
  };
  const resources: Record<string, Properties> = {};
  for (const token of [PROVIDER, ...tokens].sort()) {
    const { file, name } = placeOf(token);
    const declaration = interfacesOf(parse(join(folder, file))).get(name);
    if (!declaration) throw new Error(`${token}: @pulumi/aws ${version} declares no ${name} in ${file}`);
    resources[token] = propertiesOf(declaration, visit);
  }
  return { source: `@pulumi/aws ${version}`, resources, objects: sorted(objects) };
}

function placeOf(token: string): { file: string; name: string } {
  if (token === PROVIDER) return { file: "provider.d.ts", name: "ProviderArgs" };
  const match = /^aws:([^:]+):(\w+)$/.exec(token);
  if (!match) throw new Error(`${token} is not a resource type of @pulumi/aws`);
  return { file: `${String(match[1])}.d.ts`, name: `${String(match[2])}Args` };
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2020, true);
}

/** Every interface of a file by its qualified name: `QueueArgs`, `s3.BucketNotificationQueue`. */
function interfacesOf(source: ts.SourceFile): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const walk = (node: ts.Node, prefix: string): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(prefix + node.name.text, node);
    else if (ts.isModuleDeclaration(node) && node.body)
      ts.forEachChild(node.body, (child) => walk(child, `${prefix}${node.name.text}.`));
  };
  ts.forEachChild(source, (node) => walk(node, ""));
  return found;
}

function propertiesOf(declaration: ts.InterfaceDeclaration, visit: (name: string) => string): Properties {
  const properties: Properties = {};
  for (const member of declaration.members) {
    if (!ts.isPropertySignature(member) || !member.type) continue;
    const name = member.name.getText().replace(/^["']|["']$/g, "");
    properties[member.questionToken ? `${name}?` : name] = typeText(member.type, visit);
  }
  return sorted(properties);
}

const keywords = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.StringKeyword, "string"],
  [ts.SyntaxKind.NumberKeyword, "number"],
  [ts.SyntaxKind.BooleanKeyword, "boolean"],
  [ts.SyntaxKind.AnyKeyword, "any"],
]);

const names: Record<string, string> = {
  "pulumi.asset.Archive": "archive",
  "pulumi.asset.Asset": "asset",
  ARN: "string",
};

function typeText(type: ts.TypeNode, visit: (name: string) => string): string {
  const keyword = keywords.get(type.kind);
  if (keyword) return keyword;
  if (ts.isArrayTypeNode(type)) return `[${typeText(type.elementType, visit)}]`;
  if (ts.isParenthesizedTypeNode(type)) return typeText(type.type, visit);
  if (ts.isLiteralTypeNode(type)) return ts.isStringLiteral(type.literal) ? "string" : "any";
  if (ts.isUnionTypeNode(type)) {
    const choices = type.types.filter((choice) => choice.kind !== ts.SyntaxKind.UndefinedKeyword);
    return [...new Set(choices.map((choice) => typeText(choice, visit)))].join("|");
  }
  if (ts.isTypeLiteralNode(type)) {
    const index = type.members.find((member) => ts.isIndexSignatureDeclaration(member));
    return index ? `{${typeText(index.type, visit)}}` : "any";
  }
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    const argument = type.typeArguments?.[0];
    if (name === "pulumi.Input" && argument) return typeText(argument, visit);
    if (name.startsWith("enums.")) return "string";
    if (name.startsWith("inputs.")) return visit(name.slice("inputs.".length));
    // A resource as a value reaches the provider as its id.
    return names[name] ?? "string";
  }
  return "any";
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect } from "chai";
import ts from "typescript";

const root = join(__dirname, "..");

function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
}

/** The text of a declaration's doc comment; empty where it has none. */
function docOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .map((doc) => doc.getText())
    .join("\n");
}

describe("the components", () => {
  const sources = globSync("components/*.ts", { cwd: root }).map(parsed);
  const interfaces = sources.flatMap(({ statements }) => statements.filter(ts.isInterfaceDeclaration));
  const inherited = new Set(
    interfaces.flatMap(({ heritageClauses = [] }) =>
      [...heritageClauses].flatMap(({ types }) => types.map(({ expression }) => expression.getText())),
    ),
  );
  const isArguments = ({ name }: ts.InterfaceDeclaration) => name.text.endsWith("Args") || inherited.has(name.text);

  for (const { name, members } of interfaces.filter(isArguments)) {
    for (const member of members.filter(ts.isPropertySignature)) {
      const argument = `${name.text}.${member.name.getText()}`;

      it(`explain the argument ${argument}`, () => {
        const doc = docOf(member);
        expect(doc, "its meaning").to.match(/^\/\*\*/);
        if (member.questionToken) expect(doc, "its default").to.match(/Default:|Required when/);
        const type = member.type?.getText() ?? "";
        if (/\bnumber\b/.test(type)) expect(doc, "its range").to.match(/\d/);
      });
    }
  }

  for (const { statements } of sources) {
    for (const statement of statements.filter(ts.isClassDeclaration)) {
      const isComponent = statement.heritageClauses?.some((clause) => clause.getText().includes("ComponentResource"));
      if (isComponent) {
        it(`show how ${statement.name?.text ?? ""} is used`, () => expect(docOf(statement)).to.include("@example"));
      }
    }
  }
});

/** The functions that a file declares and exports, or exports from another file. */
function exportedFunctions(file: string): { name: string; doc: string }[] {
  const { statements } = parsed(file);
  const own = statements.flatMap((statement) => {
    const exported = ts.canHaveModifiers(statement)
      ? (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (!exported) return [];
    if (ts.isFunctionDeclaration(statement)) return [{ name: statement.name?.text ?? "", doc: docOf(statement) }];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations
      .filter(({ initializer }) => initializer && ts.isArrowFunction(initializer))
      .map(({ name }) => ({ name: name.getText(), doc: docOf(statement) }));
  });
  const others = statements.filter(ts.isExportDeclaration).flatMap((statement) => {
    const { exportClause: clause, moduleSpecifier: from } = statement;
    if (!clause || !ts.isNamedExports(clause) || !from || !ts.isStringLiteral(from) || statement.isTypeOnly) return [];
    const names = clause.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text);
    const path = join(dirname(file), from.text);
    const [source = ""] = globSync([`${path}.ts`, `${path}/index.ts`], { cwd: root });
    return exportedFunctions(source).filter(({ name }) => names.includes(name));
  });
  return [...own, ...others];
}

describe("the tools", () => {
  const tools = globSync("tools/*", { cwd: root }).sort();
  const doors = globSync("tools/{*,embedded-aws/engine}/index.ts", { cwd: root }).sort();

  it("have a door and a README each", () => {
    expect(tools).to.have.length.above(3);
    for (const tool of tools)
      expect([doors, globSync("tools/*/README.md", { cwd: root })].flat()).to.include.members([
        `${tool}/index.ts`,
        `${tool}/README.md`,
      ]);
  });

  for (const door of doors) {
    for (const { name, doc } of exportedFunctions(door)) {
      it(`show how ${name} of ${dirname(door)} is used`, () => expect(doc).to.include("@example"));
    }
  }
});

import type { LogLine } from "../../operate/logLines";

interface Query {
  /** Fields of lines that the query names, but for CloudWatch's own, which begin with `@`. */
  fields: string[];
  passes: (line: LogLine) => boolean;
}

/**
 * The part of Logs Insights' language that the project's queries use.
 * @throws Error for every other command or condition
 */
export function insights(text: string): Query {
  const fields = new Set<string>();
  const made = new Set<string>();
  const conditions: ((line: LogLine) => boolean)[] = [];
  const name = (field: string): void => {
    if (!field.startsWith("@") && !made.has(field)) fields.add(field);
  };
  for (const command of text.split("|").map((part) => part.trim())) {
    const [, verb = "", rest = ""] = /^(\w+) (.*)$/.exec(command) ?? [];
    if (verb === "fields") rest.split(", ").forEach(name);
    else if (verb === "sort") name(rest.replace(/ (asc|desc)$/, ""));
    else if (verb === "filter") {
      const { field, holds } = conditionOf(rest);
      name(field);
      conditions.push(holds);
    } else if (verb === "stats") {
      const [aggregates = "", by = ""] = rest.split(" by ");
      by.split(", ").forEach(name);
      for (const one of aggregates.split(", ")) {
        const [, of = "", as = ""] = /^(?:count\(\*\)|latest\((\w+)\)) as (\w+)$/.exec(one) ?? [];
        if (as === "") throw new Error(`unknown aggregate: ${one}`);
        if (of !== "") name(of);
        made.add(as);
      }
    } else if (!/^(limit \d+|SOURCE '[^']+')$/.test(command)) throw new Error(`unknown command: ${command}`);
  }
  return { fields: [...fields], passes: (line) => conditions.every((holds) => holds(line)) };
}

function conditionOf(text: string): { field: string; holds: (line: LogLine) => boolean } {
  const [, like = "", part = ""] = /^(\S+) like "([^"]+)"$/.exec(text) ?? [];
  if (like !== "") return { field: like, holds: (line) => String(valueOf(line, like)).includes(part) };
  const [, present = ""] = /^ispresent\((\w+)\)$/.exec(text) ?? [];
  if (present !== "") return { field: present, holds: (line) => valueOf(line, present) !== undefined };
  const [, one = "", list = ""] = /^(\w+) in (\[.*\])$/.exec(text) ?? [];
  if (one === "") throw new Error(`unknown condition: ${text}`);
  const values = JSON.parse(list) as unknown[];
  return { field: one, holds: (line) => values.includes(valueOf(line, one)) };
}

/** A field of a line, as Insights discovers it in JSON: `error.message`; `@message` is the whole line. */
export function valueOf({ text, fields }: LogLine, field: string): unknown {
  if (field === "@message") return text;
  return field
    .split(".")
    .reduce<unknown>(
      (value, key) => (value instanceof Object ? Object.entries(value).find(([k]) => k === key)?.[1] : undefined),
      fields,
    );
}

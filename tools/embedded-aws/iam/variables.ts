import type { Context } from "./context";
import { escapeGlob } from "./glob";

/**
 * Policy variables: `${aws:PrincipalArn}`, `${aws:PrincipalArn, 'a default'}`, and `${*}`, `${?}` and `${$}` for the
 * characters themselves. Policies of another version than 2012-10-17 have none: the text stands for itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const VERSION_WITH_VARIABLES = "2012-10-17";

const VARIABLE = /\$\{([^}]*)\}/g;

/** A variable that is written as AWS writes one, with its key and its default. */
const FORM = /^([A-Za-z0-9-]+:[^\s,'{}]+)(?:\s*,\s*'([^']*)')?$/;

/** Turns a text of a policy into a pattern of `globMatches`; undefined where a variable has no value. */
export type Resolve = (text: string) => string | undefined;

/** @param version the policy's Version */
export function resolverOf(version: string | undefined, context: Context): Resolve {
  if (version !== VERSION_WITH_VARIABLES) return (text) => text.replace(/\$/g, "${$}");
  return (text) => {
    const missing: string[] = [];
    const resolved = text.replace(VARIABLE, (whole, name: string) => {
      if (/^[*?$]$/.test(name)) return whole;
      const [, key = "", byDefault] = FORM.exec(name.trim()) ?? [];
      const value = context.get(key.toLowerCase());
      const given = typeof value === "string" ? value : byDefault;
      if (given === undefined) missing.push(key);
      return escapeGlob(given ?? "");
    });
    return missing.length > 0 ? undefined : resolved;
  };
}

/** The keys of a text's variables; undefined for one that is not written as AWS writes it. */
export function variablesIn(text: string): (string | undefined)[] {
  const unended = text.replace(VARIABLE, "").includes("${") ? [undefined] : [];
  const names = [...text.matchAll(VARIABLE)].map(([, name = ""]) => name).filter((name) => !/^[*?$]$/.test(name));
  return [...names.map((name) => FORM.exec(name.trim())?.[1]), ...unended];
}

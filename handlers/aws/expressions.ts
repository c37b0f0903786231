import type { RawUpdate } from "../ports";

/**
 * A DynamoDB expression with its placeholders. Every name is a placeholder, for DynamoDB reserves some 570 words
 * (`status` and `format` among them), and every value is one.
 */
export interface Expression {
  text: string;
  names: Record<string, string>;
  values: Record<string, unknown>;
}

/** Any of the ports' conditions, seen without the type of its item. */
export interface AnyCondition {
  attribute: string;
  absent?: true;
  oneOf?: unknown[];
  below?: unknown;
}

/** All conditions as one ConditionExpression; undefined when there are none. */
export function conditionExpression(conditions: AnyCondition[]): Expression | undefined {
  if (conditions.length === 0) return undefined;
  const names: Expression["names"] = {};
  const values: Expression["values"] = {};
  const text = conditions.map((condition, i) => {
    const name = `#${condition.attribute}`;
    names[name] = condition.attribute;
    const ways: string[] = [];
    if (condition.absent) ways.push(`attribute_not_exists(${name})`);
    if (condition.oneOf !== undefined && condition.oneOf.length > 0) {
      const options = condition.oneOf.map((value, j) => {
        values[`:when${i}_${j}`] = value;
        return `:when${i}_${j}`;
      });
      ways.push(`${name} IN (${options.join(", ")})`);
    }
    if (condition.below !== undefined) {
      values[`:below${i}`] = condition.below;
      ways.push(`${name} < :below${i}`);
    }
    if (ways.length === 0) {
      throw new TypeError(`a condition on "${condition.attribute}" needs "absent", "oneOf" with a value, or "below"`);
    }
    return ways.length === 1 ? ways.join() : `(${ways.join(" OR ")})`;
  });
  return { text: text.join(" AND "), names, values };
}

/** What an update of a `raw` item does, as an UpdateExpression. */
export function updateExpression(update: Omit<RawUpdate, "when">): Expression {
  for (const set of ["Superseded", "Cancelled"] as const) {
    if (update[`add${set}`]?.length && update[`remove${set}`]?.length) {
      throw new TypeError(`one update of a record cannot both add to and remove from "${set.toLowerCase()}"`);
    }
  }
  const names: Expression["names"] = {};
  const values: Expression["values"] = {};
  const nameOf = (attribute: string) => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const assign = (attributes: object | undefined, right: (name: string, value: string) => string) =>
    Object.entries(attributes ?? {}).flatMap(([attribute, value]: [string, unknown]) => {
      if (value === undefined) return [];
      values[`:${attribute}`] =
        attribute === "superseded" || attribute === "cancelled" ? new Set(value as string[]) : value;
      return [`${nameOf(attribute)} = ${right(nameOf(attribute), `:${attribute}`)}`];
    });
  const changeSet = (attribute: "superseded" | "cancelled", elements: string[] | undefined) => {
    if (!elements?.length) return [];
    values[`:${attribute}`] = new Set(elements);
    return [`${nameOf(attribute)} :${attribute}`];
  };
  const clauses = {
    SET: [
      ...assign(update.set, (_name, value) => value),
      ...assign(update.setIfAbsent, (name, value) => `if_not_exists(${name}, ${value})`),
    ],
    REMOVE: (update.remove ?? []).map(nameOf),
    ADD: [...changeSet("superseded", update.addSuperseded), ...changeSet("cancelled", update.addCancelled)],
    DELETE: [...changeSet("superseded", update.removeSuperseded), ...changeSet("cancelled", update.removeCancelled)],
  };
  const text = Object.entries(clauses)
    .filter(([, parts]) => parts.length > 0)
    .map(([verb, parts]) => `${verb} ${parts.join(", ")}`)
    .join(" ");
  return { text, names, values };
}

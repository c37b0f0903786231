import type { RawUpdate, SetChange } from "../ports";

/**
 * A DynamoDB expression with its placeholders. Every name is one, because DynamoDB reserves some 570 words (`status`
 * and `format` among them), and every value is one.
 */
export interface Expression {
  text: string;
  names: Record<string, string>;
  values: Record<string, unknown>;
}

/** A condition of the ports, without the type of its item. */
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
      const allowed = '"absent", "oneOf" with a value, or "below"';
      throw new TypeError(`a condition on "${condition.attribute}" needs ${allowed}`);
    }
    return ways.length === 1 ? ways.join() : `(${ways.join(" OR ")})`;
  });
  return { text: text.join(" AND "), names, values };
}

/** The UpdateExpression of an update of a `raw` item. */
export function updateExpression(update: Omit<RawUpdate, "when">): Expression {
  const sets = Object.entries(update.sets ?? {});
  for (const [attribute, { add, remove }] of sets) {
    if (add?.length && remove?.length) {
      throw new TypeError(`one update of a record cannot both add to and remove from "${attribute}"`);
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
      values[`:${attribute}`] = value;
      return [`${nameOf(attribute)} = ${right(nameOf(attribute), `:${attribute}`)}`];
    });
  const change = (kind: keyof SetChange) =>
    sets.flatMap(([attribute, { [kind]: elements }]) => {
      if (!elements?.length) return [];
      values[`:${attribute}`] = new Set(elements);
      return [`${nameOf(attribute)} :${attribute}`];
    });
  const clauses = {
    SET: [
      ...assign(update.set, (_name, value) => value),
      ...assign(update.setIfAbsent, (name, value) => `if_not_exists(${name}, ${value})`),
    ],
    REMOVE: (update.remove ?? []).map(nameOf),
    ADD: change("add"),
    DELETE: change("remove"),
  };
  const text = Object.entries(clauses)
    .filter(([, parts]) => parts.length > 0)
    .map(([verb, parts]) => `${verb} ${parts.join(", ")}`)
    .join(" ");
  return { text, names, values };
}

import type { Place } from "../place";
import { tableArn } from "./tableArn";
import type { Input } from "./dynalite";
import { validationError } from "./engine";

/** One thing that a call needs to be allowed to do. */
export interface Need {
  action: string;
  resource: string;
}

/**
 * The condition key `dynamodb:LeadingKeys` of a call on one item: the value of its partition key. Other calls have none
 * here.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function leadingKey(operation: string, input: Input, partitionKey: string | undefined): Record<string, string> {
  const item = { GetItem: input.Key, UpdateItem: input.Key, DeleteItem: input.Key, PutItem: input.Item }[operation];
  if (item === undefined || partitionKey === undefined) return {};
  const [value] = Object.values(record(record(item)[partitionKey]));
  return typeof value === "string" ? { "dynamodb:LeadingKeys": value } : {};
}

const record = (value: unknown): Input => (typeof value === "object" && value !== null ? (value as Input) : {});

/**
 * The actions and resources that IAM decides on for a call, as the Service Authorization Reference of Amazon DynamoDB
 * lists them. A transaction needs the action of each of its items; a batch needs its own action on each table.
 */
export function needsOf(operation: string, input: Input, place: Place): Need[] {
  const on = (action: string, table: unknown): Need => ({
    action: `dynamodb:${action}`,
    resource: typeof table === "string" ? tableArn(table, place) : "*",
  });
  switch (operation) {
    case "ListTables":
      return [on("ListTables", undefined)];
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.keys(record(input.RequestItems)).map((table) => on(operation, table));
    case "TransactWriteItems":
    case "TransactGetItems":
      return transactionParts(input).map(({ kind, part }) => on(transactionActions[kind], part.TableName));
    case "TagResource":
    case "UntagResource":
    case "ListTagsOfResource":
      return [{ action: `dynamodb:${operation}`, resource: String(input.ResourceArn) }];
    case "Query":
    case "Scan": {
      const need = on(operation, input.TableName);
      const index = input.IndexName;
      return [typeof index === "string" ? { ...need, resource: `${need.resource}/index/${index}` } : need];
    }
    default:
      return [on(operation, input.TableName)];
  }
}

const transactionActions = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
} as const;
export type TransactionKind = keyof typeof transactionActions;

/** The items of `TransactItems`, in order. */
export function transactionParts(input: Input): { kind: TransactionKind; part: Input }[] {
  const items = input.TransactItems;
  if (!Array.isArray(items)) throw validationError("The parameter 'TransactItems' is required but was not present");
  return items.map((item: unknown) => {
    const given = Object.entries(record(item)).filter(([, part]) => part !== undefined && part !== null);
    const [kind, part] = given[0] ?? ["", {}];
    if (given.length !== 1 || !(kind in transactionActions))
      throw validationError("TransactItems can only contain one of Check, Put, Update or Delete");
    return { kind: kind as TransactionKind, part: withTableName(record(part), undefined) };
  });
}

/** `TableName` may be a table's ARN; from here on it is the bare name. */
export function withTableName(input: Input, place: Place | undefined): Input {
  const name = input.TableName;
  if (typeof name !== "string" || !name.startsWith("arn:")) return input;
  const bare = name.slice(name.lastIndexOf("/") + 1);
  if (place !== undefined && name !== tableArn(bare, place)) return input;
  return { ...input, TableName: bare };
}

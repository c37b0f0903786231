import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/**
 * Plain values of an item in DynamoDB's own notation. The document client translates answers but not errors, and an item
 * that failed a condition comes inside an error.
 */
export function plainItem(item: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.M !== undefined) return plainItem(value.M);
  if (value.NULL !== undefined) return null;
  throw new TypeError(`attributes of this table are S, N, BOOL, SS, L, M or NULL; got ${Object.keys(value).join()}`);
}

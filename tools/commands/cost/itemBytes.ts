import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/**
 * Size of an item as DynamoDB bills it: names and values in UTF-8, numbers by their digits, 3 bytes for a list or map and 1 for
 * each of its elements.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Record<string, AttributeValue>): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueBytes(value)));
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.SS) return sum(value.SS.map((text) => Buffer.byteLength(text)));
  if (value.L) return 3 + sum(value.L.map((each) => 1 + valueBytes(each)));
  if (value.M) return 3 + itemBytes(value.M) + Object.keys(value.M).length;
  return 1; // true, false, null
}

/** About one byte for two significant digits, and one. */
const numberBytes = (text: string): number => Math.ceil(text.replace(/\D/g, "").length / 2) + 1;

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

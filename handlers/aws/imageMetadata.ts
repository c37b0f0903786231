import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ImageMetadata } from "../ports";
import type { RawRecord } from "../records";
import { plainItem } from "./attributeValues";
import { errorName } from "./errorNames";
import { conditionExpression, updateExpression, type Expression } from "./expressions";

/** The table `ImageMetadata`. Needs `dynamodb:GetItem` and `UpdateItem` as far as its verbs are used. */
export function createImageMetadata(dynamo: Pick<DynamoDBDocumentClient, "send">, table: string): ImageMetadata {
  const keyOf = (name: string) => ({ TableName: table, Key: { original: name, imageType: "raw" } });
  return {
    async readRaw(name) {
      const { Item } = await dynamo.send(new GetCommand({ ...keyOf(name), ConsistentRead: true }));
      return Item && rawRecord(Item);
    },

    async updateRaw(name, { when, ...update }) {
      try {
        const { Attributes } = await dynamo.send(
          new UpdateCommand({
            ...keyOf(name),
            ...expressions(updateExpression(update), conditionExpression(when)),
            ReturnValues: "ALL_NEW",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        if (Attributes === undefined) throw new Error(`DynamoDB answered without the item "${name}" after its update`);
        return { applied: true, record: rawRecord(Attributes) };
      } catch (error) {
        if (!conditionFailed(error)) throw error;
        const { Item } = error as { Item?: Record<string, AttributeValue> };
        return { applied: false, record: Item && rawRecord(plainItem(Item)) };
      }
    },
  };
}

function conditionFailed(error: unknown): boolean {
  return errorName(error) === "ConditionalCheckFailedException";
}

/** A command's parameters. DynamoDB refuses empty maps of names or values. */
function expressions(update: Expression, condition: Expression | undefined) {
  const names = { ...update.names, ...condition?.names };
  const values = { ...update.values, ...condition?.values };
  return {
    ...(update.text && { UpdateExpression: update.text }),
    ...(condition && { ConditionExpression: condition.text }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

/** The port's record of a stored item: without the sort key, and with string sets as sorted lists. */
export function rawRecord(item: Record<string, unknown>): RawRecord {
  const record: Record<string, unknown> = { ...item };
  delete record.imageType;
  for (const set of ["superseded", "cancelled"]) {
    const elements = record[set];
    if (elements instanceof Set) record[set] = [...(elements as Set<string>)].sort();
  }
  return record as unknown as RawRecord;
}

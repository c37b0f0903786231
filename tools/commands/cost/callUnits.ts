import type { DeclaredStack } from "./declaredStack";
import type { Measured } from "./measured";
import type { PriceName } from "./prices";
import type { Use } from "./use";

/** Units of each price that calls of one image take. */
export function callUnits(
  calls: Record<string, number>,
  stack: Pick<DeclaredStack, "indexes" | "batchSize">,
  { recordBytes }: Pick<Measured, "recordBytes">,
  { fullBatches }: Pick<Use, "fullBatches">,
): [PriceName, number][] {
  // A message is sent alone, by S3 or for one upload. Those of a batch are received and deleted by one request each.
  const perMessage = 1 + 2 / (fullBatches ? stack.batchSize : 1);
  const writes = Math.ceil(recordBytes / 1024) + stack.indexes * INDEX_WRITES;
  return Object.entries(calls).map(([action, count]): [PriceName, number] => {
    switch (action) {
      case "s3:PutObject":
      case "s3:ListBucket":
      case "s3:ListBucketVersions":
        return ["s3Put", count];
      case "s3:GetObject":
      case "s3:GetObjectVersion":
        return ["s3Get", count];
      case "dynamodb:UpdateItem":
      case "dynamodb:PutItem":
        return ["dynamodbWrite", count * writes];
      case "dynamodb:GetItem":
      case "dynamodb:Query":
        return ["dynamodbRead", count * Math.ceil(recordBytes / 4096)];
      case "sqs:SendMessage":
        return ["sqsRequest", count * perMessage];
      case "events:PutEvents":
        return ["event", count];
      case "cloudfront:CreateInvalidation":
        return ["invalidationPath", count];
      default:
        return ["s3Get", 0]; // deletions are free
    }
  });
}

/** A status that changes moves the record in an index: a deletion and a new entry; the first is only new. */
const INDEX_WRITES = 1.5;

import type { InvocationResult } from "./invocation";
import type { SqsMessage } from "../sqs/serviceCalls";

/**
 * Which messages of a batch are done, by what the function answered.
 *
 * Without `ReportBatchItemFailures` any answer but an error means all of them: a returned `{statusCode: 500}` is a success.
 * With it, as AWS documents: an empty or null answer, or a list that is empty or null, is a complete success; a list with
 * an identifier that is empty, null, of another type or of no message in the batch is a complete failure.
 */
export function finishedMessages(
  batch: readonly SqsMessage[],
  result: InvocationResult,
  reportsItemFailures: boolean,
): readonly SqsMessage[] {
  if (result.functionError !== undefined) return [];
  if (!reportsItemFailures) return batch;
  const failed = failedIdentifiers(result.payload);
  if (failed === undefined) return [];
  const known = new Set(batch.map(({ messageId }) => messageId));
  if (failed.some((id) => !known.has(id))) return [];
  return batch.filter(({ messageId }) => !failed.includes(messageId));
}

/** The identifiers in a partial batch response, or undefined when it is malformed. */
export function failedIdentifiers(payload: unknown): string[] | undefined {
  if (payload === null || payload === undefined) return [];
  if (typeof payload !== "object" || Array.isArray(payload)) return undefined;
  const failures = (payload as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === null || failures === undefined) return [];
  if (!Array.isArray(failures)) return undefined;
  const identifiers = failures.map((failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  if (identifiers.some((identifier) => typeof identifier !== "string" || identifier === "")) return undefined;
  return identifiers as string[];
}

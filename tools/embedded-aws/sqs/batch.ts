import { AwsError } from "../http/awsError";
import { queryCode, sqsError } from "./errors";
import { type Input, requiredText } from "./input";

/** The answer to a batch request; AWS leaves a list out that would be empty. */
interface BatchResult {
  Successful?: Record<string, unknown>[];
  Failed?: { Id: string; SenderFault: boolean; Code: string; Message: string }[];
}

/** The entries of a batch request: 1 to 10, with ids that are well-formed and distinct; otherwise the whole request fails. */
export function batchEntries(input: Input, entryType: string): { id: string; entry: Input }[] {
  const entries: unknown = input.Entries ?? [];
  if (!Array.isArray(entries) || entries.length === 0) {
    throw sqsError("EmptyBatchRequest", `There should be at least one ${entryType} in the request.`);
  }
  if (entries.length > 10) {
    throw sqsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  const checked = entries.map((entry: Input) => ({ id: checkId(requiredText(entry, "Id")), entry }));
  const ids = new Set<string>();
  for (const { id } of checked) {
    if (ids.has(id)) throw sqsError("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
    ids.add(id);
  }
  return checked;
}

/** How an entry of a batch says what a single request says with "are invalid" (recorded: test_send_batch_message_size). */
const inBatch = "One or more parameters cannot be validated.";

function checkId(id: string): string {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(id)) return id;
  throw sqsError(
    "InvalidBatchEntryId",
    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
  );
}

/** Does the work of each entry; one that fails leaves the others alone. */
export function eachEntry(
  entries: { id: string; entry: Input }[],
  work: (entry: Input) => Record<string, unknown>,
): BatchResult {
  const result: BatchResult = {};
  for (const { id, entry } of entries) {
    try {
      const done = { Id: id, ...work(entry) };
      (result.Successful ??= []).push(done);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const Code = queryCode(error.code);
      const Message = error.message.replace(/^One or more parameters are invalid\./, inBatch);
      (result.Failed ??= []).push({ Id: id, SenderFault: error.status < 500, Code, Message });
    }
  }
  return result;
}

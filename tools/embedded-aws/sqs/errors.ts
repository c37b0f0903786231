import { AwsError } from "../http/awsError";

/** Codes of the older query protocol, which SDKs still read from `x-amzn-query-error`, where they differ from the JSON ones. */
const queryCodes: Record<string, string> = {
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
  QueueDeletedRecently: "AWS.SimpleQueueService.QueueDeletedRecently",
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  QueueNameExists: "QueueAlreadyExists",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
  InvalidParameterValueException: "InvalidParameterValue",
  MissingRequiredParameterException: "MissingParameter",
};

/** HTTP statuses other than 400. */
const statuses: Record<string, number> = {
  AccessDenied: 403,
  PurgeQueueInProgress: 403,
  ReceiptHandleIsInvalid: 404,
  ResourceNotFoundException: 404,
};

/** The code that the query protocol has for a code of the JSON protocol. */
export const queryCode = (code: string): string => queryCodes[code] ?? code;

export const sqsError = (code: string, message: string): AwsError => new AwsError(statuses[code] ?? 400, code, message);

export const queueDoesNotExist = (): AwsError => sqsError("QueueDoesNotExist", "The specified queue does not exist.");

export const invalidParameter = (message: string): AwsError => sqsError("InvalidParameterValueException", message);

export const invalidReceiptHandle = (handle: string): AwsError =>
  sqsError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);

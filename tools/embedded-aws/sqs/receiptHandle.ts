import { randomBytes } from "node:crypto";
import { invalidReceiptHandle } from "./errors";

/** The content of a receipt handle: which message of which queue, and which of its receives. */
export interface Receipt {
  queueId: number;
  sequence: number;
  nonce: string;
}

export const newNonce = (): string => randomBytes(9).toString("base64url");

export const encodeReceipt = ({ queueId, sequence, nonce }: Receipt): string =>
  Buffer.from(`sqs:${queueId}:${sequence}:${nonce}`).toString("base64");

/** @throws ReceiptHandleIsInvalid for text that is not a receipt handle of this queue. */
export function decodeReceipt(handle: string, queueId: number): Receipt {
  const [, queue, sequence, nonce] =
    /^sqs:(\d+):(\d+):([\w-]+)$/.exec(Buffer.from(handle, "base64").toString("utf8")) ?? [];
  if (nonce === undefined || Number(queue) !== queueId) throw invalidReceiptHandle(handle);
  return { queueId, sequence: Number(sequence), nonce };
}

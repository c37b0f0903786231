import type { Principal } from "../iam/principal";

/** The calls that other services make to SQS. Bodies are text; all of it is kept in the shared database. */
export interface SqsDelivery {
  /**
   * Sends as a service does, subject to the queue's policy. Runs inside the caller's database transaction. The trace header
   * of the request behind it goes along.
   */
  deliver(queueArn: string, body: string, from: Principal, traceHeader?: string): void;
}

export interface SqsMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
  messageAttributes: Record<string, unknown>;
  md5OfBody: string;
}

/** The calls of an event source mapping; each is authorised as the function's role. */
export interface SqsPolling {
  /** Resolves with 1 to `max` messages, or with none after `waitSeconds` or when `signal` aborts. */
  receive(
    queueArn: string,
    options: { max: number; waitSeconds: number; principal: Principal; signal?: AbortSignal },
  ): Promise<SqsMessage[]>;
  delete(queueArn: string, receiptHandles: string[], principal: Principal): void;
  /** Makes messages visible again after `seconds`. */
  release(queueArn: string, receiptHandles: string[], seconds: number): void;
}

import type { Item } from "./dynalite";

/** An error of an operation, as the wire protocol states it. */
export interface OperationError extends Error {
  statusCode: number;
  body: { __type: string; message?: string; Item?: Item };
}
export const isOperationError = (error: unknown): error is OperationError =>
  error instanceof Error && "statusCode" in error && "body" in error;

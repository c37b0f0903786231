import type { Principal } from "../iam/principal";

export interface LambdaInvoker {
  /** A synchronous invocation, subject to the function's policy. Rejects with AwsError when it is not permitted or unknown. */
  invoke(functionArn: string, payload: unknown, caller: Principal): Promise<InvocationResult>;
}

export interface InvocationResult {
  /** `Unhandled` when the function threw, timed out or died; the payload is then the error. */
  functionError?: "Unhandled";
  payload: unknown;
}

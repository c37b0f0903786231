import type { UploadDetails } from "../../../handlers/protocol/uploadDetails";

/** Requests of clients, as the oracle judges them. Times are steps or milliseconds, on one clock. */
export interface Operation {
  kind: "put" | "delete";
  name: string;
  start: number;
  /** From then on it takes no effect any more. Infinity where that moment is not known. */
  end: number;
  /** The service answered 202: from then on it must hold. */
  acknowledged: boolean;
  upload?: Uploaded;
}

export interface Uploaded {
  /** SHA-256 of the bytes, hex. */
  contentHash: string;
  /** Undefined where the client never learned it. */
  versionId?: string;
  /** Sent with it; none where it is undefined. */
  details?: UploadDetails;
  /** The statuses that the upload may end in while no later operation overrules it. */
  outcomes: ("READY" | "FAILED" | "REJECTED")[];
  /** A part of the reason for which it is rejected. */
  reason?: string;
}

/** Whether `later` was asked for after `earlier` had taken its effect. */
export const follows = (later: Operation, earlier: Operation): boolean => later.start > earlier.end;

/**
 * Whether another one of these operations was acknowledged and came wholly after this one.
 * @example
 * const standing = uploads.filter((upload) => !overruled(upload, operations));
 */
export const overruled = (operation: Operation, by: Operation[]): boolean =>
  by.some((other) => other !== operation && other.acknowledged && follows(other, operation));

/** Whether an upload can become its name's image. */
export const mayBeAccepted = ({ upload }: Operation): boolean =>
  upload?.outcomes.some((outcome) => outcome !== "REJECTED") ?? false;

/** Whether an upload can end as nothing but its name's image. */
export const mustBeAccepted = ({ upload }: Operation): boolean =>
  upload !== undefined && !upload.outcomes.includes("REJECTED");

/** Whether an upload is refused whatever happens. */
export const mustBeRejected = (operation: Operation): boolean => operation.kind === "put" && !mayBeAccepted(operation);

/**
 * An error that is told apart by its name: a class that extends Error does not survive the serialisation of a callback.
 * The name is the cause under which dead letters are grouped.
 */
export const namedError = (name: ErrorName, message: string): Error => Object.assign(new Error(message), { name });

export type ErrorName =
  /** The message can never be worked on. */
  | "PoisonMessage"
  /** The name was deleted several times while its upload was taken in. */
  | "DeletedMeanwhile"
  /** An upload is gone, and the record does not tell why. */
  | "UploadMissing"
  /** Too many generations of the name are still to be cleared away. */
  | "RecordFull"
  /** So many uploads of the name wait that one DELETE cannot cancel all. */
  | "DeletionUnfinished"
  | "OriginalMissing"
  /** The message was not finished before its function's time was nearly over. */
  | "OutOfTime";

/** Errors that no retry can mend: the message itself is unreadable. */
const poisonous = ["PoisonMessage", "SyntaxError", "URIError"];

export interface Cause {
  /** Short and the same for all failures of a kind: what dead letters are grouped by. */
  cause: string;
  /** The error's name and message, for a person. */
  reason: string;
  poison: boolean;
}

/** The cause of anything that was thrown. */
export function causeOf(error: unknown): Cause {
  const { name, message } =
    error instanceof Object && "name" in error && "message" in error
      ? { name: String(error.name), message: String(error.message) }
      : { name: "Error", message: String(error) };
  // A denial is told apart by what was denied: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
  const denied = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1];
  return {
    cause: denied === undefined ? name : `${name} ${denied}`,
    reason: `${name}: ${message}`,
    poison: poisonous.includes(name),
  };
}

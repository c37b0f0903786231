/**
 * The code of an AWS error, such as `NoSuchKey`. Errors are told apart by name and never by class: the class of a
 * serialised callback's layer need not be the class that the code was compiled with.
 */
export function errorName(error: unknown): string {
  return error instanceof Object && "name" in error ? String(error.name) : "";
}

/**
 * The code of an AWS error, such as `NoSuchKey`. Errors are compared by name and never by class: a function's layer may
 * hold another copy of the class than the compiler saw.
 */
export function errorName(error: unknown): string {
  return error instanceof Object && "name" in error ? String(error.name) : "";
}

/** An error of the one who calls: its message is all that is shown, and the command ends with 2. */
export class WrongCall extends Error {
  readonly exitCode = 2;
}

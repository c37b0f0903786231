import { UsageError } from "./findPulumi";

/** Runs a command to its exit code. A UsageError is one plain message; 2 says that the command could not be tried. */
export function runMain(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof UsageError ? error.message : error);
      process.exitCode = 2;
    },
  );
}

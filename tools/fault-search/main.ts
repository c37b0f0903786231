import { faultSearch, readOptions, usage } from ".";

try {
  faultSearch(readOptions(process.argv.slice(2))).then(
    (clean) => (process.exitCode = clean ? 0 : 1),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}

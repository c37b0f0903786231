import { takeCoverage } from "node:v8";

/** Mocha ends its parallel workers without the exit at which V8 writes coverage: it is written after each file. */
export const mochaHooks = { afterAll: () => takeCoverage() };

/**
 * The door of the embedded AWS: other folders import from here, and from `engine/index.ts` for the Pulumi engine's
 * provider. Services and Pulumi's runtime are loaded by the call that needs them, so that importing this stays cheap.
 */
import type * as patterns from "./events/pattern";
import type * as emptyAws from "./emptyAws";
import type * as decisions from "./iam/decisions";
import type * as grants from "./iam/grants";
import type * as programs from "./program/program";
import type * as stackConfig from "./program/stackConfig";
import type * as run from "./run";

export type { AccessDecision, Grant } from "./iam/evaluate";
export type { DeclaredPolicy } from "./iam/grants";
export type { PolicyDocument, PolicyStatement } from "./iam/policyDocument";
export type { EmptyAws } from "./emptyAws";
export type { ObstacleKind } from "./obstacle";
export type { FaultRates, Strike } from "./injectedFaults";
export type { Place } from "./place";
export type { Gathered, GatheredResource, GatherOptions } from "./program/program";
export type { LocalRun, LocalRunOptions } from "./run";

export { faultNames, parseFaults } from "./injectedFaults";
export { Obstacle } from "./obstacle";

/* eslint-disable @typescript-eslint/no-require-imports -- a dynamic import would bypass the loader that reads TypeScript */

/**
 * Runs a Pulumi program and everything that it declares on 127.0.0.1, until it is closed.
 * @throws Obstacle for a port, the data folder or stored data; Error with one line for each unsupported resource
 * @example
 * const config = readStackConfig(folder, "dev");
 * const run = await startLocalRun({
 *   program: join(folder, "index.ts"),
 *   project: "my-service",
 *   stack: "dev",
 *   config,
 *   data: join(folder, ".local"),
 *   fresh: false,
 *   port: 4000,
 *   verbose: false,
 *   announce: console.log,
 * });
 * console.log(run.place.apiUrl, run.outputs);
 * await run.close();
 */
export const startLocalRun: typeof run.startLocalRun = (options) =>
  (require("./run") as typeof run).startLocalRun(options);

/**
 * The decisions about calls that a run with `recordDecisions` wrote to its data folder, each once, the oldest first.
 * Empty where none was recorded.
 * @example
 * const denied = readDecisions(data).filter(({ denied }) => denied !== undefined);
 */
export const readDecisions: typeof decisions.readDecisions = (folder) =>
  (require("./iam/decisions") as typeof decisions).readDecisions(folder);

/**
 * Every pair of action and resource that policies allow, in their order.
 * @example
 * const granted = grantsOf(run.cloud.policies());
 */
export const grantsOf: typeof grants.grantsOf = (policies) =>
  (require("./iam/grants") as typeof grants).grantsOf(policies);

/**
 * Starts S3, SQS, DynamoDB, Lambda and STS without a program, in a temporary folder and on a free port of 127.0.0.1.
 * @example
 * const aws = await startEmptyAws();
 * const s3 = new S3Client(aws.client);
 * await s3.send(new CreateBucketCommand({ Bucket: "uploads" }));
 * await aws.close();
 */
export const startEmptyAws: typeof emptyAws.startEmptyAws = () =>
  (require("./emptyAws") as typeof emptyAws).startEmptyAws();

/**
 * Runs a Pulumi program's main file without the engine and returns the resources that it declares.
 * @throws Error with one line for each unsupported resource type, property and data source; or the program's own error
 * @example
 * const { resources, outputs } = await gather({ program, project: "my-service", stack: "dev", config: {}, place });
 */
export const gather: typeof programs.gather = (options) =>
  (require("./program/program") as typeof programs).gather(options);

/**
 * As {@link gather}, for a program that is a function; its return value holds the stack outputs.
 * @example
 * const { resources } = await gatherFrom(() => new MyComponent("c"), { project: "p", stack: "s", config: {}, place });
 */
export const gatherFrom: typeof programs.gatherFrom = (program, options) =>
  (require("./program/program") as typeof programs).gatherFrom(program, options);

/**
 * Reads the configuration of a stack from `Pulumi.<stack>.yaml`: keys with their namespace, values as Pulumi passes
 * them to a program.
 * @throws Error when there is no such stack, or when a value is encrypted
 * @example
 * readStackConfig(".", "dev"); // { "aws:region": "eu-central-1", … }
 */
export const readStackConfig: typeof stackConfig.readStackConfig = (folder, stack) =>
  (require("./program/stackConfig") as typeof stackConfig).readStackConfig(folder, stack);

/**
 * Whether an event matches a pattern of EventBridge, or a record of a stream the filter of an event source mapping.
 * @throws AwsError for a pattern that AWS refuses, or that uses what is not implemented here
 * @example
 * patternOf('{"source":["my-service"]}')({ source: "my-service" }); // true
 */
export const patternOf: typeof patterns.patternOf = (text) =>
  (require("./events/pattern") as typeof patterns).patternOf(text);

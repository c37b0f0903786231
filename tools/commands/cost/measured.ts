import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Calls, CPU and bytes of one image, on average, as `snail cost measure` recorded it on the local run with the default image types. */
export interface Measured {
  /** ISO 8601. */
  measuredAt: string;
  photo: { bytes: number; megapixels: number };
  renditions: { count: number; bytes: number; megapixels: number };
  /** Size of the record of a `READY` image as DynamoDB counts it. */
  recordBytes: number;
  /** CPU of the renditions alone, milliseconds: as here, and by plain sharp. */
  renditionsMs: number;
  plainSharpMs: number;
  /** Names of custom metrics that were written, each with its dimensions. */
  metrics: string[];
  paths: Record<PathName, MeasuredPath>;
}
/** An upload until all is at rest; a status request; a deletion until all is at rest. Each was alone: no message shared a batch. */
export type PathName = "put" | "get" | "delete";
/** By logical name of a function, and by name of a service that makes calls of its own. */
export type MeasuredPath = Record<string, MeasuredPart>;
export interface MeasuredPart {
  /** Of the function's processes, milliseconds of this machine. */
  cpuMs: number;
  /** Of the function; 0 for a service. */
  invocations: number;
  /** By IAM action, for one image. */
  calls: Record<string, number>;
  logBytes: number;
  /** Of these, what each invocation writes once, for all messages of its batch: Lambda's own lines, and the metrics. */
  invocationLogBytes: number;
}

export const MEASURED_FILE = join(__dirname, "measurement.json");

/** The last measurement. */
export const readMeasured = (): Measured => JSON.parse(readFileSync(MEASURED_FILE, "utf8")) as Measured;

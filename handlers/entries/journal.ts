import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import type { Journal, JournalLine } from "../ports";

/** A journal that belongs to one execution environment and serves its invocations one after another. */
export interface InvocationJournal extends Journal {
  /** Puts the invocation's request id into the lines that follow. */
  begin(context: Context): void;
  /** Writes the metrics gathered since the last flush. */
  flush(): void;
}

/**
 * Structured JSON lines, and metrics in CloudWatch's embedded format, both on standard output. Namespace and service
 * come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME. Call it inside a callback's factory: a captured
 * logger does not survive serialisation.
 */
export function createJournal(): InvocationJournal {
  const logger = new Logger();
  const metrics = new Metrics();
  let stored = false;
  const add = (name: string, unit: "Count" | "Milliseconds" | "Bytes", value: number | undefined) => {
    if (value === undefined) return;
    metrics.addMetric(name, MetricUnit[unit], value);
    stored = true;
  };
  /** A metric with a dimension of its own is a line of its own; the others stay free of the dimension. */
  const addByCause = (name: string, cause = "other") => {
    const metric = metrics.singleMetric();
    metric.addDimension("Cause", cause);
    metric.addMetric(name, MetricUnit.Count, 1);
  };
  const measure = (line: JournalLine) => {
    switch (line.outcome) {
      case "stored":
        add("ImagesStored", "Count", 1);
        add("BytesStored", "Bytes", line.bytes);
        break;
      case "ready":
        add("RenditionsMade", "Count", line.renditions);
        add("EndToEndLatency", "Milliseconds", line.latencyMs);
        break;
      case "rejected":
        addByCause("ImagesRejected", line.cause);
        break;
      case "failed":
        addByCause("ImagesFailed", line.cause);
        break;
      case "deleted":
        add("ImagesDeleted", "Count", 1);
        break;
      default: // the others are ordinary turns of the protocol: a line says enough
    }
  };
  return {
    begin: (context) => logger.addContext(context),
    finished(line) {
      logger.info(sentence(line), { ...line });
      measure(line);
    },
    note: (message, details) => logger.info(message, { ...details }),
    failed: (message, error, details) => logger.error(message, { ...details, error: asError(error) }),
    flush() {
      if (stored) metrics.publishStoredMetrics();
      stored = false;
    },
  };
}

/** For a person who watches: `photo.jpg: stored (3.8 MB, 120 ms)`. Queries go by the fields beside it. */
function sentence(line: JournalLine): string {
  const { outcome, renditions, bytes, reason, durationMs, latencyMs } = line;
  const details = [
    renditions === undefined ? "" : `${renditions} renditions`,
    bytes === undefined ? "" : `${(bytes / 1e6).toFixed(1)} MB`,
    durationMs === undefined ? "" : `${durationMs} ms`,
    latencyMs === undefined ? "" : `${(latencyMs / 1e3).toFixed(1)} s after its upload`,
    reason ?? "",
  ].filter(Boolean);
  return `${subjectOf(line)}: ${outcome}${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
}

/** The image; or, of a message that is about none, what it is. */
function subjectOf({ original, cause }: JournalLine): string {
  if (original !== undefined) return original;
  return cause === "test" ? "S3 test event" : "message of an unknown kind";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

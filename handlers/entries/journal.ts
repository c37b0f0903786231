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
 * Writes structured JSON lines and metrics in CloudWatch's embedded format to standard output. Namespace and service
 * come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME. Call it inside a callback's factory: a captured
 * logger cannot be serialised.
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
  /** Written at once, in a line of its own, so that the other metrics do not get its dimension. */
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
      default: // ordinary turns of the protocol, which are not counted
    }
  };
  return {
    // Nothing else of the context: the log group tells the function, and each line is paid for by its bytes.
    begin: ({ awsRequestId }) => logger.appendKeys({ function_request_id: awsRequestId }),
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

/** For a person who watches the log: `photo.jpg: stored (3.8 MB, 120 ms)`. Queries use the fields beside it. */
function sentence(line: JournalLine): string {
  const { outcome, renditions, bytes, reason, durationMs, latencyMs } = line;
  const details = [
    renditions === undefined ? "" : `${renditions} ${renditions === 1 ? "rendition" : "renditions"}`,
    bytes === undefined ? "" : `${(bytes / 1e6).toFixed(1)} MB`,
    durationMs === undefined ? "" : `${durationMs} ms`,
    latencyMs === undefined ? "" : `${(latencyMs / 1e3).toFixed(1)} s after its upload`,
    reason ?? "",
  ].filter(Boolean);
  const what = phrases[outcome] ?? outcome;
  return `${subjectOf(line)}: ${what}${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
}

/** Outcomes whose bare word could be misread. */
const phrases: Partial<Record<JournalLine["outcome"], string>> = {
  overtaken: "overtaken by a newer upload",
  cancelled: "cancelled by a DELETE",
  cleared: "cleared a superseded generation",
};

/** The image's name; for a message without one, its kind. */
function subjectOf({ name, cause }: JournalLine): string {
  if (name !== undefined) return name;
  return cause === "test" ? "S3 test event" : "message of an unknown kind";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

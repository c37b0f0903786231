/** A query of CloudWatch Logs Insights, and its name under `<project>-<stack>/`. */
interface SavedQuery {
  title: string;
  query: string;
}

const lines = (...parts: string[]): string => parts.join("\n| ");

/**
 * Queries about the functions' logs, by their logical names. Fields are those of `JournalLine`; the one about an image
 * is edited before it is run.
 * Syntax: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export const savedQueries: Record<string, SavedQuery> = {
  "one-image": {
    title: "everything about one image",
    query: lines(
      "fields @timestamp, service, level, message, outcome, generation, durationMs, error.message",
      'filter @message like "photo.jpg"',
      "sort @timestamp asc",
      "limit 1000",
    ),
  },
  slowest: {
    title: "slowest from upload to READY",
    query: lines(
      "fields @timestamp, name, latencyMs, durationMs, bytes, renditions",
      "filter ispresent(latencyMs)",
      "sort latencyMs desc",
      "limit 50",
    ),
  },
  rejections: {
    title: "rejections and failures by cause",
    query: lines(
      'filter outcome in ["rejected", "failed"]',
      "stats count(*) as images, latest(name) as lastImage, latest(reason) as lastReason by outcome, cause",
      "sort images desc",
    ),
  },
};

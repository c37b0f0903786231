import { expect } from "chai";
import type { Context } from "aws-lambda";
import { createJournal, type InvocationJournal } from "../../../handlers/entries/journal";
import { linesOf, withEnvironment } from "../protocol/support";

interface Metric {
  _aws: {
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }[];
  };
  [name: string]: unknown;
}

describe("createJournal", () => {
  const environment = { POWERTOOLS_SERVICE_NAME: "Service", POWERTOOLS_METRICS_NAMESPACE: "SnailImages" };
  /** Lines that are written while `work` uses a new journal. */
  const written = (work: (journal: InvocationJournal) => void) =>
    withEnvironment(environment, () => linesOf(() => work(createJournal())));
  const metricsIn = (lines: Record<string, unknown>[]) =>
    lines.filter((line) => "_aws" in line).map((line) => line as unknown as Metric);

  it("writes one JSON line for an image, with what is known of it", () => {
    const [line] = written((journal) => {
      journal.begin({ awsRequestId: "request-1", functionName: "f" } as Context);
      journal.finished({ outcome: "overtaken", name: "a.jpg", generation: "g", bytes: 9, durationMs: 5 });
    });
    // The log group tells the function, and each line is paid for by its bytes.
    expect(line).not.to.include.any.keys("function_arn", "function_name", "function_memory_size");
    expect(line).to.include({ level: "INFO", service: "Service", function_request_id: "request-1" });
    expect(line).to.include({ outcome: "overtaken", name: "a.jpg", generation: "g", bytes: 9, durationMs: 5 });
  });

  it("says in a sentence what happened, to what", () => {
    const sentences = written((journal) => {
      journal.finished({ outcome: "stored", name: "a.jpg", bytes: 3_810_000, durationMs: 120 });
      journal.finished({ outcome: "ready", name: "a.jpg", renditions: 5, latencyMs: 900 });
      journal.finished({ outcome: "backfilled", name: "a.jpg", renditions: 1 });
      journal.finished({ outcome: "rejected", name: "a.jpg", reason: "It is not an image." });
      journal.finished({ outcome: "cleared", name: "a.jpg", durationMs: 40 });
      journal.finished({ outcome: "ignored", cause: "test" });
      journal.finished({ outcome: "ignored", cause: "unknown" });
    }).filter((line) => !("_aws" in line));
    expect(sentences.map(({ message }) => message)).to.deep.equal([
      "a.jpg: stored (3.8 MB, 120 ms)",
      "a.jpg: ready (5 renditions, 0.9 s after its upload)",
      "a.jpg: backfilled (1 rendition)",
      "a.jpg: rejected (It is not an image.)",
      "a.jpg: cleared a superseded generation (40 ms)",
      "S3 test event: ignored",
      "message of an unknown kind: ignored",
    ]);
  });

  it("counts what is stored, made and deleted, and measures the latency; once for an invocation", () => {
    const lines = written((journal) => {
      journal.finished({ outcome: "stored", name: "a.jpg", bytes: 100 });
      journal.finished({ outcome: "ready", name: "a.jpg", renditions: 5, latencyMs: 900 });
      journal.finished({ outcome: "ready", name: "b.jpg", renditions: 5, latencyMs: 700 });
      journal.finished({ outcome: "deleted", name: "c.jpg" });
      journal.flush();
      journal.flush();
    });
    const metrics = metricsIn(lines);
    expect(metrics).to.have.length(1);
    expect(metrics[0]!._aws.CloudWatchMetrics).to.deep.equal([
      {
        Namespace: "SnailImages",
        Dimensions: [["service"]],
        Metrics: [
          { Name: "ImagesStored", Unit: "Count" },
          { Name: "BytesStored", Unit: "Bytes" },
          { Name: "RenditionsMade", Unit: "Count" },
          { Name: "EndToEndLatency", Unit: "Milliseconds" },
          { Name: "ImagesDeleted", Unit: "Count" },
        ],
      },
    ]);
    expect(metrics[0]).to.deep.include({ service: "Service", ImagesStored: 1, BytesStored: 100, ImagesDeleted: 1 });
    expect(metrics[0]).to.deep.include({ RenditionsMade: [5, 5], EndToEndLatency: [900, 700] });
  });

  it("counts what is rejected and what failed by cause", () => {
    const metrics = metricsIn(
      written((journal) => {
        journal.finished({ outcome: "rejected", name: "a.jpg", cause: "truncated", reason: "…" });
        journal.finished({ outcome: "failed", name: "b.jpg", reason: "…" });
        journal.flush();
      }),
    );
    expect(metrics.map(({ _aws }) => _aws.CloudWatchMetrics[0]!.Dimensions)).to.deep.equal([
      [["service", "Cause"]],
      [["service", "Cause"]],
    ]);
    expect(metrics[0]).to.include({ ImagesRejected: 1, Cause: "truncated" });
    expect(metrics[1]).to.include({ ImagesFailed: 1, Cause: "other" });
  });

  it("writes notes, and errors with their stack, whatever was thrown", () => {
    const lines = written((journal) => {
      journal.note("something", { key: "k" });
      journal.failed("message failed", new RangeError("no"), { messageId: "1" });
      journal.failed("message failed", "text", {});
      journal.flush();
    });
    expect(lines).to.have.length(3);
    expect(lines[0]).to.include({ level: "INFO", message: "something", key: "k" });
    expect(lines[1]).to.include({ level: "ERROR", message: "message failed", messageId: "1" });
    expect(lines[1]!.error).to.include({ name: "RangeError", message: "no" }).and.to.have.property("stack");
    expect(lines[2]!.error).to.include({ message: "text" });
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parseEvents } from "../../engine/events";
import { renderSummary } from "../../pull-request/summary";

const fixture = (name: string): string => readFileSync(join(__dirname, "fixtures", name), "utf8");

/** A preview as the engine logged it, of a change to a bucket's users, a table's key, a queue, alarms and a function. */
const recorded = fixture("events.jsonl");

describe("the summary of a pull request's preview", () => {
  it("says everything that a recorded preview changes", () => {
    const log = parseEvents(recorded);
    expect(renderSummary("main", [{ stack: "rec", log, inBase: [], succeeded: true }])).to.equal(fixture("summary.md"));
  });

  it("is the same text in whatever order the engine finished", () => {
    const backwards = parseEvents(recorded.split("\n").reverse().join("\n"));
    expect(renderSummary("main", [{ stack: "rec", log: backwards, inBase: [], succeeded: true }])).to.equal(
      fixture("summary.md"),
    );
  });

  it("says that a mandatory policy stops the change", () => {
    const text = renderSummary("main", [{ stack: "rec", log: parseEvents(recorded), inBase: [], succeeded: false }]);
    expect(text).to.include(
      "### The engine refuses this change\n\n- a mandatory policy is violated: see the policy findings\n",
    );
  });

  it("shows what is new against the base first, and counts what is old", () => {
    const urn = "urn:pulumi:dev::p::aws:sqs/queue:Queue::";
    const finding = (name: string, level: string, message = `${name} is open`) => ({
      pack: "p",
      policy: "sqs-encryption",
      level,
      urn: `${urn}${name}`,
      message,
    });
    const inBase = [finding("Old", "advisory"), finding("Changed", "advisory", "timeout is 30")];
    const findings = [
      finding("Old", "mandatory"),
      finding("Minor", "advisory"),
      finding("Changed", "mandatory", "timeout is 60"),
    ];
    const log = { ...parseEvents(""), findings };
    expect(renderSummary("main", [{ stack: "dev", log, inBase, succeeded: true }])).to.include(
      [
        "### New policy findings",
        "",
        "- **mandatory** `sqs-encryption` on `Changed`: timeout is 60",
        "- **advisory** `sqs-encryption` on `Minor`: Minor is open",
        "- 1 that the base has too",
        "",
      ].join("\n"),
    );
  });

  it("says that nothing changes", () => {
    const text = renderSummary("main", [{ stack: "dev", log: parseEvents(""), inBase: [], succeeded: true }]);
    expect(text).to.include("## Stack `dev`\n\nNo changes.\n");
  });

  it("says why the engine refuses, and that protected data is safe", () => {
    const event = (content: object) => JSON.stringify(content);
    const urn = "urn:pulumi:prod::p::aws:s3/bucket:Bucket::images";
    const state = { id: "images-1234567", inputs: {}, outputs: {}, protect: true };
    const log = parseEvents(
      [
        event({ diagnosticEvent: { severity: "error", message: 'unable to replace\n"images"\n' } }),
        event({ diagnosticEvent: { severity: "error", message: "preview failed\n" } }),
        event({
          resOutputsEvent: {
            metadata: { op: "replace", urn, type: "aws:s3/bucket:Bucket", old: state, new: state, keys: ["bucket"] },
          },
        }),
      ].join("\n"),
    );
    const text = renderSummary("main", [{ stack: "prod", log, inBase: [], succeeded: false }]);
    expect(text).to.include('### The engine refuses this change\n\n- unable to replace "images"\n\n');
    expect(text).to.include(
      "- Bucket `images` (`images-1234567`) is replaced by an empty one, forced by `bucket`. It is protected: the engine refuses.",
    );
  });
});

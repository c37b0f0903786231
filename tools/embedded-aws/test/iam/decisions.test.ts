import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readDecisions, recordDecisions } from "../../iam/decisions";
import type { AccessDecision } from "../../iam/evaluate";

const decision = (resource: string): AccessDecision => ({
  caller: { kind: "role", arn: "arn:aws:iam::123456789012:role/worker" },
  action: "s3:GetObject",
  resource,
  context: {},
  denied: "no",
});

describe("recorded decisions", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "decisions-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Records decisions as one run of the embedded AWS does. */
  function record(...decisions: AccessDecision[]): void {
    const end = recordDecisions(
      {
        onDecision: (listener) => {
          decisions.forEach(listener);
          return () => undefined;
        },
      },
      folder,
    );
    end();
  }

  it("are none where none was recorded", () => {
    expect(readDecisions(folder)).to.deep.equal([]);
  });

  it("are kept once each, those of earlier runs too", () => {
    record(decision("a"), decision("b"), decision("a"));
    record(decision("b"), decision("c"));
    expect(readDecisions(folder)).to.deep.equal([decision("a"), decision("b"), decision("c")]);
    expect(readFileSync(join(folder, "decisions.jsonl"), "utf8").split("\n")).to.have.length(4);
  });

  it("survive a kill in the middle of a line", () => {
    record(decision("a"));
    appendFileSync(join(folder, "decisions.jsonl"), '{"caller"');
    expect(readDecisions(folder)).to.deep.equal([decision("a")]);
    record(decision("b"));
    expect(readDecisions(folder)).to.deep.equal([decision("a"), decision("b")]);
  });
});

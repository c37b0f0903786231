import { expect } from "chai";

import type { RawUpdate } from "../../../../handlers/ports";
import type { RawRecord } from "../../../../handlers/records";
import type { DeadLetter } from "../../redrive/deadLetters";
import { giveUpOn } from "../../redrive/giveUp";

const generation = "a".repeat(48);
const record = (more: Partial<RawRecord> = {}) =>
  ({ original: "photo.jpg", status: "PROCESSING", generation, ...more }) as RawRecord;
const letter = (body: object, queue = "PutResolutionBasedImageQueue") =>
  ({ queue: { name: queue }, body: JSON.stringify(body) }) as DeadLetter;
const message = { original: "photo.jpg", manifest: `${generation}.jpg small.jpg`, uploadedAt: "2026-01-01T00:00:00Z" };

/** The updates that giving up on a letter makes. */
async function updates(of: DeadLetter, read: RawRecord | undefined): Promise<RawUpdate[]> {
  const made: RawUpdate[] = [];
  await giveUpOn(
    {
      readRaw: async (name) => (name === "photo.jpg" ? read : undefined),
      updateRaw: async (_name, update) => (made.push(update), { applied: true, record: read }) as never,
    },
    of,
  );
  return made;
}

describe("giving up on a dead letter about renditions", () => {
  it("records FAILED with a reason, while the image is PROCESSING in that generation", async () => {
    const [update, ...more] = await updates(letter(message), record());
    expect(more).to.deep.equal([]);
    expect(update?.when).to.deep.equal([
      { attribute: "generation", oneOf: [generation] },
      { attribute: "status", oneOf: ["PROCESSING"] },
    ]);
    expect(update?.set).to.include({ status: "FAILED", givenUp: true });
    expect(update?.set?.reason).to.match(/^Its renditions could not be made/);
  });

  it("does so for a message that names the image and cannot be worked on", async () => {
    expect(await updates(letter({ original: "photo.jpg" }), record())).to.have.length(1);
  });

  it("changes nothing for another generation, status, queue or name", async () => {
    const cases: [string, DeadLetter, RawRecord | undefined][] = [
      ["generation", letter(message), record({ generation: "b".repeat(48) })],
      ["status", letter(message), record({ status: "READY" })],
      ["queue", letter(message, "DeleteResolutionBasedImageQueue"), record()],
      ["name", letter({ ...message, original: "other.jpg" }), record()],
      ["no name", letter({}), record()],
    ];
    for (const [what, of, read] of cases) expect(await updates(of, read), what).to.deep.equal([]);
  });
});

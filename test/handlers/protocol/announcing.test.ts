import { expect } from "chai";
import { eventsOf } from "../../../handlers/protocol/announcing";
import { sha256 } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";

const base: RawRecord = {
  original: "a.jpg",
  id: "record-id",
  epoch: 0,
  status: "PROCESSING",
  createdAt: "2030-01-01T00:00:00.000Z",
  updatedAt: "2030-01-01T00:00:01.000Z",
};
const generation = "a".repeat(48);
const original = { contentHash: "hash", format: "jpeg", bytes: 9, width: 4, height: 3 } as const;
const processing: RawRecord = {
  ...base,
  ...original,
  generation,
  imageId: `raw/a.jpg/${generation}.jpg`,
  uploadedAt: "2030-01-01T00:00:00.500Z",
};
const rendition = { imageType: "small", format: "webp", bytes: 5, width: 2, height: 1 } as const;
const renditions = [rendition];
const ready: RawRecord = { ...processing, status: "READY", renditions, updatedAt: "2030-01-01T00:00:02.000Z" };
const failed: RawRecord = { ...processing, status: "FAILED", reason: "It is damaged." };
const rejection = { rejectedSequencer: "00AB", rejectedReason: "No image.", rejectedAt: "2030-01-01T00:00:00.700Z" };
const rejected: RawRecord = { ...base, ...rejection, status: "REJECTED" };
const deleting: RawRecord = { ...base, status: "DELETING", epoch: 7 };
const deleted: RawRecord = { ...deleting, status: "DELETED", deletedAt: base.updatedAt };

/** The kinds of the events of a change. */
const kinds = (before: RawRecord | undefined, after: RawRecord | undefined): string[] =>
  eventsOf({ before, after }).map(({ name }) => name);
const idOf = (before: RawRecord | undefined, after: RawRecord): string | undefined =>
  eventsOf({ before, after })[0]?.detail.eventId;

describe("eventsOf", () => {
  it("tells of a generation with its original when it is recorded", () => {
    expect(eventsOf({ before: undefined, after: processing })).to.deep.equal([
      {
        name: "uploaded",
        detail: {
          eventId: sha256(JSON.stringify(["uploaded", "a.jpg", "record-id", generation])).slice(0, 32),
          object: "a.jpg",
          id: "record-id",
          at: "2030-01-01T00:00:01.000Z",
          generation,
          uploadedAt: "2030-01-01T00:00:00.500Z",
          original: { key: `raw/a.jpg/${generation}.jpg`, ...original },
        },
      },
    ]);
  });

  it("tells of the renditions of a generation that is READY, with their keys", () => {
    const [event] = eventsOf({ before: processing, after: ready });
    expect(event?.name).to.equal("ready");
    expect(event?.detail).to.deep.include({
      at: "2030-01-01T00:00:02.000Z",
      generation,
      renditions: [{ ...rendition, key: `small/a.jpg/${generation}.webp` }],
    });
  });

  it("tells what a page can show until a rendition is there, as far as the generation has it", () => {
    const preview = { placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI", dominantColour: "#808080" };
    expect(eventsOf({ before: processing, after: { ...ready, ...preview } })[0]?.detail).to.deep.include(preview);
    const [earlier] = eventsOf({ before: processing, after: ready });
    expect(earlier?.detail).to.not.have.any.keys("placeholder", "dominantColour");
  });

  it("tells of renditions that share an object with its key", () => {
    const shared = { ...rendition, imageType: "tiny", storedAs: "small" };
    const [event] = eventsOf({ before: processing, after: { ...ready, renditions: [...renditions, shared] } });
    const key = `small/a.jpg/${generation}.webp`;
    expect(event?.detail.renditions).to.deep.equal([
      { ...rendition, key },
      { ...rendition, imageType: "tiny", key },
    ]);
  });

  it("tells the details that came with an upload, its metadata as an object", () => {
    const details = { metadata: '{"alt":"A snail"}', focus: { x: 0.5, y: 0.25 } };
    for (const [event] of [
      eventsOf({ before: undefined, after: { ...processing, ...details } }),
      eventsOf({ before: processing, after: { ...ready, ...details } }),
    ]) {
      expect(event?.detail).to.deep.include({ metadata: { alt: "A snail" }, focus: { x: 0.5, y: 0.25 } });
    }
  });

  it("tells why a generation failed, and whether it was given up", () => {
    const [event] = eventsOf({ before: processing, after: failed });
    expect(event?.name).to.equal("failed");
    expect(event?.detail).to.include({ reason: "It is damaged." }).and.not.have.property("givenUp");
    const [givenUp] = eventsOf({ before: processing, after: { ...failed, givenUp: true } });
    expect(givenUp?.detail).to.include({ givenUp: true });
    expect(givenUp?.detail.eventId).not.to.equal(event?.detail.eventId);
  });

  it("tells of what becomes of a generation that was given up", () => {
    const givenUp: RawRecord = { ...failed, givenUp: true };
    expect(kinds(givenUp, ready)).to.deep.equal(["ready"]);
    expect(kinds(givenUp, failed)).to.deep.equal(["failed"]);
  });

  it("tells of a rejection alone, also over an image", () => {
    expect(eventsOf({ before: ready, after: { ...ready, ...rejection } }).map(({ detail }) => detail)).to.deep.equal([
      {
        eventId: idOf(undefined, rejected),
        object: "a.jpg",
        id: "record-id",
        at: ready.updatedAt,
        uploadedAt: rejection.rejectedAt,
        reason: "No image.",
      },
    ]);
    expect(kinds({ ...ready, ...rejection }, { ...ready, ...rejection, rejectedSequencer: "00AC" })).to.deep.equal([
      "rejected",
    ]);
    expect(kinds(deleting, { ...rejected, epoch: 7 })).to.deep.equal(["deleted", "rejected"]);
  });

  it("tells of a deletion when nothing is left, or when a new upload comes before that", () => {
    expect(kinds(ready, deleting)).to.deep.equal([]);
    expect(
      eventsOf({ before: deleting, after: deleted }).map(({ name, detail }) => [name, detail.cleared]),
    ).to.deep.equal([["deleted", true]]);
    const [deletion, upload] = eventsOf({ before: deleting, after: { ...processing, epoch: 7 } });
    expect([deletion?.name, deletion?.detail.cleared, upload?.name]).to.deep.equal(["deleted", false, "uploaded"]);
    expect(kinds(rejected, deleted)).to.deep.equal(["deleted"]);
    expect(kinds(deleted, { ...deleted, epoch: 8 }), "a DELETE once more").to.deep.equal([]);
    expect(idOf(deleting, deleted)).not.to.equal(idOf({ ...deleting, epoch: 8 }, { ...deleted, epoch: 8 }));
  });

  it("is silent about every other change, and about a record that expired", () => {
    expect(kinds(ready, { ...ready, superseded: ["manifest"] })).to.deep.equal([]);
    expect(kinds(failed, { ...failed, superseded: ["manifest"] })).to.deep.equal([]);
    expect(kinds(deleting, { ...deleting, epoch: 8 })).to.deep.equal([]);
    expect(kinds(rejected, undefined)).to.deep.equal([]);
  });

  it("gives the same events to a change that is read again", () => {
    expect(eventsOf({ before: processing, after: ready })).to.deep.equal(
      eventsOf({ before: processing, after: ready }),
    );
  });
});

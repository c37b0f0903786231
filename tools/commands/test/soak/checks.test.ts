import { expect } from "chai";

import { generationOf, keysOf, manifestOf, originalKey } from "../../../../handlers/protocol/generation";
import type { RawRecord, RenditionRecord } from "../../../../handlers/records";
import { checkAtRest, checkProgress, checkReplay, type Stored } from "../../soak/checks";
import { type Operation, possiblyLast } from "../../soak/history";

const spec = { imageType: "small", width: 10, height: 10, fit: "inside", format: "webp", quality: 80 } as const;
const contentHash = "c".repeat(64);

/** A name with one image, whole and READY, and the upload that brought it. */
function whole(original = "a.jpg"): { stored: Stored; history: Operation[] } {
  const generation = generationOf(contentHash, "v1");
  const raw: RawRecord = {
    original,
    id: "i",
    epoch: 0,
    status: "READY",
    sequencer: "10",
    generation,
    contentHash,
    format: "jpeg",
    bytes: 1,
    width: 1,
    height: 1,
    expected: [spec],
    createdAt: "t",
    updatedAt: "t",
    imageId: originalKey(original, generation, "jpeg"),
  };
  const keys = keysOf(original, manifestOf(generation, "jpeg", [spec]));
  const imageId = keys.renditions[0]!.imageId;
  const rendition: RenditionRecord = {
    original,
    imageType: "small",
    imageId,
    generation,
    sequencer: "10",
    status: "STORED",
    format: "webp",
    bytes: 1,
    width: 1,
    height: 1,
    updatedAt: "t",
  };
  const stored: Stored = {
    temp: [],
    images: [keys.original, imageId],
    raw: [raw],
    renditions: [rendition],
    messages: { PutRawImageQueue: 0 },
    deadLetters: [],
  };
  return { stored, history: [put(original)] };
}

function put(name = "a.jpg", startedAt = 0, hash = contentHash): Operation {
  return { name, kind: "put", startedAt, endedAt: startedAt + 1, acknowledged: true, contentHash: hash };
}
const deletion = (startedAt: number): Operation => ({
  name: "a.jpg",
  kind: "delete",
  startedAt,
  endedAt: startedAt + 1,
  acknowledged: true,
});
const deletedRecord = (record: RawRecord): RawRecord => ({
  original: record.original,
  id: record.id,
  epoch: 1,
  status: "DELETED",
  createdAt: "t",
  updatedAt: "t",
});

const found = (stored: Stored, history: Operation[]): string[] =>
  checkAtRest(stored, history).map(({ invariant }) => invariant);

describe("the soak's checks", () => {
  it("find nothing wrong with a whole image", () => {
    const { stored, history } = whole();
    expect(checkAtRest(stored, history)).to.be.empty;
  });

  describe("report", () => {
    const broken: [string, string, (state: ReturnType<typeof whole>) => void][] = [
      [
        "I1",
        "an acknowledged upload that is unknown",
        ({ stored }) => Object.assign(stored, { raw: [], images: [], renditions: [] }),
      ],
      ["I1", "an acknowledged upload that is not READY", ({ stored }) => (stored.raw[0]!.status = "PROCESSING")],
      ["I1", "a bad upload without a reason", ({ history }) => history.push({ ...put("a.jpg", 5), kind: "put-bad" })],
      ["I2", "an acknowledged DELETE whose image is still there", ({ history }) => history.push(deletion(5))],
      [
        "I2",
        "an object of a DELETED name",
        ({ stored, history }) => {
          history.push(deletion(5));
          Object.assign(stored, { raw: stored.raw.map(deletedRecord), renditions: [], images: stored.images.slice(1) });
        },
      ],
      [
        "I3",
        "the bytes of neither of two concurrent uploads",
        ({ history }) => history.push(put("a.jpg", 5, "d".repeat(64)), put("a.jpg", 5, "e".repeat(64))),
      ],
      ["I4", "an upload that is left in the temp bucket", ({ stored }) => stored.temp.push("images/a.jpg")],
      ["I5", "an object without an item", ({ stored }) => stored.images.push("raw/a.jpg/other.jpg")],
      ["I5", "an item without its object", ({ stored }) => stored.images.pop()],
      ["I8", "a message that is left", ({ stored }) => (stored.messages.PutRawImageQueue = 1)],
      [
        "I8",
        "a dead letter that is no poison",
        ({ stored }) => stored.deadLetters.push({ queue: "q", cause: "TimeoutError", poison: false }),
      ],
    ];
    for (const [invariant, what, breakIt] of broken) {
      it(`${what} (${invariant})`, () => {
        const state = whole();
        breakIt(state);
        expect(found(state.stored, state.history)).to.include(invariant);
      });
    }

    it("an epoch or a sequencer that goes back (I6)", () => {
      const { raw } = whole().stored;
      const [record] = raw;
      expect(checkProgress(raw, raw)).to.be.empty;
      expect(checkProgress([{ ...record!, epoch: 1 }], raw)).to.have.lengthOf(1);
      expect(checkProgress([{ ...record!, sequencer: "11" }], raw)).to.have.lengthOf(1);
      expect(checkProgress(raw, [])).to.have.lengthOf(1);
    });

    it("a replay that changed something (I10)", () => {
      const { stored } = whole();
      expect(checkReplay(stored, whole().stored)).to.be.empty;
      const after = whole().stored;
      after.raw[0]!.updatedAt = "later";
      expect(checkReplay(stored, after)).to.have.lengthOf(1);
    });
  });

  describe("allow", () => {
    it("either of two concurrent operations", () => {
      const { stored, history } = whole();
      history.push({ ...deletion(0), endedAt: 3 });
      expect(found(stored, history)).to.be.empty;
    });

    it("a READY image under a rejected upload", () => {
      const { stored, history } = whole();
      history.push({ ...put("a.jpg", 5), kind: "put-bad", contentHash: undefined });
      Object.assign(stored.raw[0]!, { rejectedReason: "no image", rejectedSequencer: "20" });
      expect(found(stored, history)).to.be.empty;
    });

    it("an operation that was never answered to have happened, or not", () => {
      const { stored, history } = whole();
      history.push({ name: "a.jpg", kind: "delete", startedAt: 5, acknowledged: false });
      expect(found(stored, history)).to.be.empty;
      const nothing: Stored = { ...stored, raw: [], images: [], renditions: [] };
      expect(found(nothing, [{ name: "b.jpg", kind: "put", startedAt: 0, acknowledged: false }])).to.be.empty;
    });

    it("poison in a dead-letter queue", () => {
      const { stored, history } = whole();
      stored.deadLetters.push({ queue: "q", cause: "SyntaxError", poison: true });
      expect(found(stored, history)).to.be.empty;
    });
  });

  it("rule an operation out once an acknowledged one began after its end", () => {
    const first = put("a.jpg", 0);
    const second = put("a.jpg", 1);
    const unanswered: Operation = { name: "a.jpg", kind: "put", startedAt: 0, acknowledged: false };
    expect(possiblyLast([first, second])).to.deep.equal([second]);
    expect(possiblyLast([unanswered, second])).to.deep.equal([unanswered, second]);
    expect(possiblyLast([first, { ...second, acknowledged: false }])).to.have.lengthOf(2);
  });
});

import { expect } from "chai";
import type { RawRecord } from "../../../handlers/records";
import { violationsAtRest, violationsOfReplay, type AtRest } from "../oracle/atRest";
import type { Invariant } from "../oracle/invariants";
import type { Operation } from "../oracle/operations";
import { violationsOfProgress } from "../oracle/progress";
import { generationOf, originalKey } from "../../../handlers/protocol/generation";
import { bad, contentHash, deletion, put, unanswered, wholeImage } from "./wholeImage";

type State = ReturnType<typeof wholeImage>;

const found = (stored: AtRest, history: Operation[]): string[] =>
  [...violationsAtRest(stored, history)].map(({ message }) => message);

/** The name is deleted, with nothing left. */
function deleted({ stored, history, record }: State): void {
  history.push(deletion(5));
  const { original, id, listPosition, createdAt, updatedAt } = record;
  stored.records = [{ original, id, listPosition, createdAt, updatedAt, epoch: 1, status: "DELETED" }];
  Object.assign(stored.records[0]!, { deletedAt: updatedAt, expiresAt: Date.parse(updatedAt) / 1000 + 30 * 86_400 });
  Object.assign(stored, {
    objects: [],
    answers: [{ object: "a.jpg", status: "DELETED", renditions: [] }],
  });
}

/** The name's only upload was refused. */
function rejected({ stored, history, record }: State): void {
  history.splice(0, 1, bad(0));
  const { original, id, listPosition, createdAt, updatedAt } = record;
  const listed = { statusShard: "REJECTED#0", listPosition };
  const rejection = { ...listed, rejectedReason: "No image.", rejectedSequencer: "10", expiresAt: 4e9 };
  stored.records = [{ original, id, createdAt, updatedAt, epoch: 0, status: "REJECTED", ...rejection }];
  const answer = { object: "a.jpg", status: "REJECTED", reason: "No image.", renditions: [] };
  Object.assign(stored, { objects: [], answers: [answer] });
}

/** Another upload of the name failed. */
function failed(state: State): void {
  const { stored, history, record } = state;
  const { contentHash, renditions, format, bytes, width, height } = record;
  const { placeholder, dominantColour } = record;
  const preview = { placeholder, dominantColour };
  const live = { generation: record.generation, contentHash, renditions, format, bytes, width, height, ...preview };
  const generation = generationOf("e".repeat(64), "v2");
  const imageId = originalKey("a.jpg", generation, "jpeg");
  const newest = { status: "FAILED" as const, generation, imageId, contentHash: undefined, reason: "Damaged." };
  const gone = { renditions: undefined, placeholder: undefined, dominantColour: undefined };
  Object.assign(record, { ...newest, live, expected: [], ...gone });
  const put2 = put(5, { hash: "e".repeat(64), versionId: "v2" });
  put2.upload!.outcomes = ["FAILED"];
  history.push(put2);
  stored.objects.push({ key: imageId, shows: "e".repeat(64), bytes: 1 });
  stored.answers[0]!.pending = { status: "FAILED", reason: "Damaged." };
}

function becomes({ stored }: State, status: RawRecord["status"], more: Partial<RawRecord> = {}): void {
  Object.assign(stored.records[0]!, { status, ...more });
  Object.assign(stored.answers[0]!, { status, reason: more.reason });
}

/** Each invariant, broken on purpose. */
const breaches: [Invariant, string, (state: State) => void][] = [
  [
    "I1",
    "an acknowledged upload that is unknown",
    ({ stored }) => Object.assign(stored, { records: [], objects: [], answers: [] }),
  ],
  ["I1", "an image that stays PROCESSING", (state) => becomes(state, "PROCESSING")],
  ["I1", "a good image that FAILED", (state) => becomes(state, "FAILED", { reason: "Damaged." })],
  ["I1", "an image that FAILED without a reason", (state) => becomes(state, "FAILED")],
  ["I1", "an original with other bytes", ({ stored }) => (stored.objects[0]!.shows = undefined)],
  ["I1", "a READY image without its rendition", ({ stored }) => stored.objects.pop()],
  ["I1", "a status of an image that there is none of", (state) => (state.record.generation = undefined)],
  [
    "I1",
    "a rejection that left no trace",
    (state) => {
      rejected(state);
      becomes(state, "DELETED");
    },
  ],
  [
    "I1",
    "a rejection without its reason",
    (state) => (rejected(state), (state.stored.records[0]!.rejectedReason = undefined)),
  ],
  ["I1", "a bad upload over a good image that is not told", ({ history }) => history.push(bad(5))],
  ["I2", "an acknowledged DELETE whose image is still there", ({ history }) => history.push(deletion(5))],
  [
    "I2",
    "an object of a DELETED name",
    (state) => (deleted(state), state.stored.objects.push({ key: "small/a.jpg/1.webp", shows: undefined, bytes: 1 })),
  ],
  ["I2", "a name that stays DELETING", (state) => (deleted(state), (state.stored.records[0]!.status = "DELETING"))],
  ["I2", "a rejection that a later DELETE overrules", (state) => (rejected(state), state.history.push(deletion(5)))],
  [
    "I3",
    "the bytes of neither of two concurrent uploads",
    ({ history }) => history.push(put(5, { hash: "d".repeat(64) }), put(5, { hash: "e".repeat(64) })),
  ],
  ["I3", "an upload that no client made", ({ history }) => (history[0]!.upload!.contentHash = "d".repeat(64))],
  [
    "I4",
    "an upload that is left in the temp bucket",
    ({ stored }) => stored.uploads.push({ key: "images/a.jpg", versionId: "v2" }),
  ],
  [
    "I5",
    "an object to which no record refers",
    ({ stored }) => stored.objects.push({ key: "raw/a.jpg/1.jpg", shows: undefined, bytes: 1 }),
  ],
  ["I5", "a record that refers to a missing object", ({ stored }) => stored.objects.pop()],
  ["READY", "a rendition with other bytes than are told", ({ stored }) => (stored.objects[1]!.bytes = 2)],
  ["READY", "a rendition of another size than is told", ({ stored }) => (stored.objects[1]!.width = 9)],
  [
    "I5",
    "a superseded generation that is never cleared away",
    ({ record }) => (record.superseded = [`${"0".repeat(48)}.jpg`]),
  ],
  ["I5", "a cancelled upload that is never removed", ({ record }) => (record.cancelled = ["v2"])],
  [
    "I11",
    "a cached rendition of a name that was deleted",
    (state) => (deleted(state), state.stored.cached.push("small/a.jpg/1.webp")),
  ],
  ["I7", "a rendition of another picture", ({ stored }) => (stored.objects[1]!.shows = "d".repeat(64))],
  ["I8", "a message that is left", ({ stored }) => (stored.messages[0]!.count = 1)],
  [
    "I8",
    "a healthy dead letter",
    ({ stored }) => stored.deadLetters.push({ queue: "q", body: "{}", cause: "TimeoutError", poison: false }),
  ],
  ["I8", "poison that was acknowledged", ({ stored }) => stored.poison.push("not JSON")],
  ["DETAILS", "metadata that was not sent", ({ record }) => (record.metadata = "{}")],
  [
    "DETAILS",
    "an upload's focus that got lost",
    ({ history }) => (history[0]!.upload!.details = { focus: { x: 0, y: 1 } }),
  ],
  ["GET", "metadata that is not the image's", ({ stored }) => (stored.answers[0]!.metadata = {})],
  ["GET", "a name that GET does not know", ({ stored }) => stored.answers.pop()],
  ["GET", "another status than the record's", ({ stored }) => (stored.answers[0]!.status = "PROCESSING")],
  ["GET", "a rendition that is not told", ({ stored }) => stored.answers[0]!.renditions.pop()],
  ["GET", "a URL that leads nowhere", ({ stored }) => (stored.answers[0]!.renditions[0]!.key = "small/b.jpg/1.webp")],
  ["GET", "the reason of an outdated rejection", ({ stored }) => (stored.answers[0]!.reason = "No image.")],
  ["FORM", "a DELETED name that never expires", (state) => (deleted(state), delete state.stored.records[0]!.expiresAt)],
  [
    "FORM",
    "a name that expires too soon",
    (state) => (deleted(state), (state.stored.records[0]!.expiresAt! -= 17 * 86_400)),
  ],
  ["FORM", "a READY image that expires", ({ record }) => (record.expiresAt = 4e9)],
  [
    "FORM",
    "a REJECTED name that never expires",
    (state) => (rejected(state), delete state.stored.records[0]!.expiresAt),
  ],
  [
    "FORM",
    "an upload that is accepted and rejected",
    ({ record }) => Object.assign(record, { rejectedSequencer: record.sequencer, rejectedReason: "No image." }),
  ],
  ["FORM", "a READY image without its renditions", ({ record }) => delete record.renditions],
  ["FORM", "a READY image that still expects renditions", ({ record }) => (record.expected = [])],
  [
    "GET",
    "a successor that failed and is not told",
    (state) => (failed(state), delete state.stored.answers[0]!.pending),
  ],
  [
    "GET",
    "a successor that failed without its reason",
    (state) => (failed(state), delete state.stored.answers[0]!.pending!.reason),
  ],
  ["I5", "a live generation without its original", (state) => (failed(state), state.stored.objects.shift())],
  ["I7", "a live rendition of another picture", (state) => (failed(state), (state.stored.objects[1]!.shows = "d"))],
  ["READY", "a live rendition of another size", (state) => (failed(state), (state.stored.objects[1]!.width = 9))],
  [
    "I1",
    "a live image that cannot be READY",
    (state) => (failed(state), (state.history[0]!.upload!.outcomes = ["FAILED"])),
  ],
  ["I2", "a live image that was deleted", (state) => (failed(state), state.history.splice(1, 0, deletion(2)))],
  ["FORM", "a live generation beside a READY one", (state) => (failed(state), (state.record.status = "READY"))],
  ["GET", "a rejection without its reason", (state) => (rejected(state), delete state.stored.answers[0]!.reason)],
];

describe("the invariants at rest", () => {
  for (const [invariant, title, breach] of breaches) {
    it(`report ${invariant}: ${title}`, () => {
      const state = wholeImage();
      breach(state);
      expect(found(state.stored, state.history).map((message) => message.split(":")[0])).to.include(invariant);
    });
  }

  const allowed: [string, (state: State) => void][] = [
    ["a whole image", () => undefined],
    ["a name that was deleted", deleted],
    ["a refused upload", rejected],
    ["a live image whose successor failed", failed],
    ["either of two concurrent operations", ({ history }) => history.push({ ...deletion(0), end: 3 })],
    [
      "a READY image under a refused upload",
      ({ stored, history, record }) => {
        history.push(bad(5));
        Object.assign(record, { rejectedReason: "No image.", rejectedSequencer: "20" });
        stored.answers[0]!.reason = "No image.";
      },
    ],
    ["a DELETE that was never answered, and did nothing", ({ history }) => history.push(unanswered(deletion(5)))],
    [
      "a DELETE that was never answered, and was never finished",
      (state) => {
        deleted(state);
        state.history.splice(1, 1, unanswered(deletion(5)));
        const statusShard = "DELETING#0";
        becomes(state, "DELETING", { cancelled: ["v2"], statusShard, deletedAt: undefined, expiresAt: undefined });
      },
    ],
    [
      "an upload that was never answered, and did nothing",
      ({ history }) => history.push(unanswered(put(0, { name: "b.jpg" }))),
    ],
    [
      "poison in a dead-letter queue",
      ({ stored }) => {
        stored.poison.push("not JSON");
        stored.deadLetters.push({ queue: "q", body: "not JSON", cause: "SyntaxError", poison: true });
      },
    ],
  ];
  for (const [title, change] of allowed) {
    it(`allow ${title}`, () => {
      const state = wholeImage();
      change(state);
      expect(found(state.stored, state.history)).to.deep.equal([]);
    });
  }

  it("tell an image by its upload's version where its bytes were uploaded twice", () => {
    const { stored, history } = wholeImage();
    history.push(put(5, { versionId: "v2" }));
    expect(found(stored, history)).to.deep.equal(["I3: a.jpg shows upload v1, which a later operation overruled"]);
    history[1]!.upload = { contentHash, outcomes: ["READY"] };
    expect(found(stored, history)).to.deep.equal([]);
  });
});

describe("the invariants between two looks", () => {
  const progress = (change: Partial<RawRecord>, before: Partial<RawRecord> = {}): string[] => {
    const { record } = wholeImage();
    return [...violationsOfProgress("a.jpg", { ...record, ...before }, { ...record, ...change })].map((v) => v.message);
  };

  it("report I6: an epoch or a sequencer that goes back, a status off its graph, a record that is gone", () => {
    expect(progress({ epoch: 1, sequencer: "11" })).to.deep.equal([]);
    expect(progress({}, { epoch: 1 })).to.deep.equal(["I6: a.jpg: epoch went back from 1 to 0"]);
    expect(progress({ sequencer: "0" })).to.deep.equal(["I6: a.jpg: sequencer went back from 10 to 0"]);
    expect(progress({}, { rejectedSequencer: "20" })).to.deep.equal([
      "I6: a.jpg: rejectedSequencer went back from 20 to nothing",
    ]);
    const live = { live: { generation: "1" } };
    expect(progress({ status: "FAILED", generation: "2", ...live })).to.deep.equal([]);
    expect(progress({ status: "FAILED", generation: "2" })).to.deep.equal([
      "SERVED: a.jpg was READY, and is FAILED without a live generation",
    ]);
    expect(progress({ status: "PROCESSING", ...live })).to.deep.equal([
      "I6: a.jpg: status went from READY to PROCESSING",
    ]);
    const gone = [...violationsOfProgress("a.jpg", wholeImage().record, undefined)];
    expect(gone.map(({ message }) => message)).to.deep.equal(["I6: a.jpg: its record is gone"]);
  });

  it("report I10: a replay that changed something", () => {
    const { stored } = wholeImage();
    expect([...violationsOfReplay(stored, wholeImage().stored)]).to.deep.equal([]);
    const after = wholeImage().stored;
    after.records[0]!.updatedAt = "later";
    expect([...violationsOfReplay(stored, after)].map(({ invariant }) => invariant)).to.deep.equal(["I10"]);
  });
});

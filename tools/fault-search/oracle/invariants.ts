/** The promises of docs/protocol.md; `JUDGED`, `READY`, `ONCE`, `SERVED`, `GET`, `DETAILS`, `FORM`, I6, I7 and I9 must hold at every step. */
export const invariants = {
  I1: "every acknowledged upload without a later acknowledged operation is served or refused with a reason",
  I2: "after an acknowledged DELETE nothing of the name is left, and nothing deleted comes back",
  I3: "the last acknowledged operation wins; of concurrent ones, either",
  I4: "the temp bucket is empty, older versions included",
  I5: "no object to which no record refers, no record that refers to a missing object",
  I6: "epoch and sequencer never go back; status moves only along its graph",
  I7: "a rendition's pixels come from the original of its own generation",
  I8: "messages sent = messages finished + messages in a dead-letter queue, and only poison is there",
  I9: "work and records are bounded, and no function sends to its own queue",
  I10: "replaying the whole history of messages changes nothing",
  I11: "no edge cache keeps an object that is gone",
  JUDGED: "an upload is taken in or rejected once: what a record has let go never comes back",
  READY: "READY implies that all its objects exist, as the record tells of them",
  ONCE: "renditions that show the same in the same encoding are one object",
  SERVED: "a name that is READY serves this image until a newer one is READY, or a DELETE",
  GET: "what GET answers is true",
  TOLD: "every state that a name reached is announced, none before, and copies of an event have one id",
  DETAILS: "a generation has the metadata and the focus of the upload of which it was made",
  FORM: "a record tells what its status needs and nothing else, and expires only where nothing is left to serve",
} as const;
export type Invariant = keyof typeof invariants;

export class Violation extends Error {
  constructor(
    readonly invariant: Invariant,
    readonly detail: string,
  ) {
    super(`${invariant}: ${detail}`);
  }
}

import type { PutEventsRequestEntry, PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { createImageEvents } from "../../../handlers/aws/imageEvents";
import { recordChange } from "../../../handlers/aws/recordChange";
import type { ImageEvent } from "../../../handlers/records";

const event = (object: string, reason = ""): ImageEvent => ({
  name: "failed",
  detail: { eventId: `id of ${object}`, object, id: "id", at: "2030-01-01T00:00:00.000Z", reason },
});

/** Events that are sent to a bus which answers each entry, or fails a request. */
async function put(
  events: ImageEvent[],
  answer: (entry: PutEventsRequestEntry, entries: PutEventsRequestEntry[]) => PutEventsResultEntry,
) {
  const requests: PutEventsRequestEntry[][] = [];
  const send = ({ input: { Entries } }: { input: { Entries: PutEventsRequestEntry[] } }) => {
    requests.push(Entries);
    return Promise.resolve().then(() => ({ Entries: Entries.map((entry) => answer(entry, Entries)) }));
  };
  const outcomes = await createImageEvents({ send } as never, "bus").put(...events);
  return { requests, causes: outcomes.map((refusal) => refusal?.cause), outcomes };
}
const taken = () => ({ EventId: "1" });
const objectOf = ({ Detail = "" }: PutEventsRequestEntry) => (JSON.parse(Detail) as { object: string }).object;
const numbered = (count: number) => Array.from({ length: count }, (_, index) => event(String(index)));

describe("createImageEvents", () => {
  it("sends an event with its name, its detail and its time", async () => {
    const { requests, outcomes } = await put([event("ä.jpg")], taken);
    expect(requests).to.deep.equal([
      [
        {
          EventBusName: "bus",
          Source: "snail-images",
          DetailType: "failed",
          Detail: JSON.stringify(event("ä.jpg").detail),
          Time: new Date("2030-01-01T00:00:00.000Z"),
        },
      ],
    ]);
    expect(outcomes).to.deep.equal([undefined]);
  });

  it("sends at most ten entries and 250,000 bytes in one request", async () => {
    expect((await put(numbered(21), taken)).requests.map(({ length }) => length)).to.deep.equal([10, 10, 1]);
    const large = [event("1", "x".repeat(200_000)), event("2", "ä".repeat(30_000)), event("3")];
    expect((await put(large, taken)).requests.map(({ length }) => length)).to.deep.equal([1, 2]);
  });

  it("tells which entries were not taken, and does not try those of later requests", async () => {
    const { causes, outcomes, requests } = await put(numbered(12), (entry) =>
      objectOf(entry) === "3" ? { ErrorCode: "ThrottlingException", ErrorMessage: "slow" } : taken(),
    );
    expect(causes[3]).to.equal("ThrottlingException");
    expect(outcomes[3]?.reason).to.include("slow");
    expect(causes.filter((cause) => cause === undefined)).to.have.length(9);
    expect([causes.slice(10), requests.length]).to.deep.equal([["NotTried", "NotTried"], 1]);
  });

  it("goes on after an entry that can never be taken", async () => {
    const { causes, outcomes } = await put(numbered(12), (entry) =>
      objectOf(entry) === "3" ? { ErrorCode: "MalformedDetail" } : taken(),
    );
    expect(outcomes[3]?.poison).to.equal(true);
    expect(causes.filter((cause) => cause !== undefined)).to.have.length(1);
  });

  it("tells of a request that failed for each of its entries", async () => {
    const { outcomes } = await put(numbered(2), () => {
      throw Object.assign(new Error("no"), { name: "InternalException" });
    });
    expect(outcomes.map((refusal) => [refusal?.cause, refusal?.poison])).to.deep.equal([
      ["InternalException", false],
      ["InternalException", false],
    ]);
  });

  it("finds the entry for which a request is not valid", async () => {
    const { causes, outcomes } = await put(numbered(3), (_, entries) => {
      if (entries.some((entry) => objectOf(entry) === "1")) {
        throw Object.assign(new Error("too large"), { name: "ValidationException" });
      }
      return taken();
    });
    expect(causes).to.deep.equal([undefined, "ValidationException", undefined]);
    expect(outcomes[1]?.poison).to.equal(true);
  });

  it("takes an entry without an answer for one that was not taken", async () => {
    const send = () => Promise.resolve({});
    const [refusal] = await createImageEvents({ send } as never, "bus").put(event("1"));
    expect([refusal?.cause, refusal?.poison]).to.deep.equal(["NoAnswer", false]);
  });
});

describe("recordChange", () => {
  const item = { original: { S: "a.jpg" }, imageType: { S: "raw" }, epoch: { N: "3" }, superseded: { SS: ["b", "a"] } };

  const read = (images: Partial<Parameters<typeof recordChange>[0]["dynamodb"]>) =>
    recordChange({ dynamodb: { SequenceNumber: "1", ...images } });

  it("reads the item before and after a change", () => {
    expect(read({ OldImage: item })).to.deep.equal({
      before: { original: "a.jpg", epoch: 3, superseded: ["a", "b"] },
      after: undefined,
    });
    expect(read({ NewImage: item }).after).to.deep.include({ original: "a.jpg", epoch: 3 });
  });

  it("refuses what no record has", () => {
    expect(() => read({ NewImage: { original: { B: new Uint8Array(1) } } })).to.throw(TypeError);
  });
});

import type { PutEventsRequestEntry, PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { createImageEvents } from "../../../handlers/aws/imageEvents";
import { recordChange } from "../../../handlers/aws/recordChange";
import { imageTypeFormats } from "../../../handlers/imageTypes";
import { eventsOf } from "../../../handlers/protocol/announcing";
import type { ImageEvent, RawRecord } from "../../../handlers/records";

const event = (object: string, reason = ""): ImageEvent => ({
  name: "failed",
  detail: { eventId: `id of ${object}`, object, id: "id", at: "2030-01-01T00:00:00.000Z", reason },
});

/** Events that are sent to a bus which answers each entry, or fails a request. */
async function put(
  events: ImageEvent[],
  answer: (entry: PutEventsRequestEntry, entries: PutEventsRequestEntry[]) => PutEventsResultEntry,
  deliveryUrl?: string,
) {
  const requests: PutEventsRequestEntry[][] = [];
  const send = ({ input: { Entries } }: { input: { Entries: PutEventsRequestEntry[] } }) => {
    requests.push(Entries);
    return Promise.resolve().then(() => ({ Entries: Entries.map((entry) => answer(entry, Entries)) }));
  };
  const outcomes = await createImageEvents({ send } as never, "bus", deliveryUrl).put(...events);
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

  it("tells where each rendition is served, and its key alone where that would be a URL that expires", async () => {
    const rendition = { imageType: "small", format: "webp", bytes: 5, width: 2, height: 1 } as const;
    const key = "small/größe 1.jpg/generation.webp";
    const ready: ImageEvent = { name: "ready", detail: { ...event("").detail, renditions: [{ ...rendition, key }] } };
    const told = async (deliveryUrl?: string) => {
      const { requests } = await put([ready], taken, deliveryUrl);
      return (JSON.parse(requests[0]?.[0]?.Detail ?? "") as ImageEvent["detail"]).renditions;
    };
    expect(await told()).to.deep.equal([{ ...rendition, key }]);
    const url = "https://images.example.com/small/gr%C3%B6%C3%9Fe%201.jpg/generation.webp";
    expect(await told("https://images.example.com")).to.deep.equal([{ ...rendition, key, url }]);
  });

  it("never sends more than EventBridge takes, however many renditions an image has and whatever its name", async () => {
    const original = `${'"'.repeat(196)}.jpg`; // JSON doubles each of these characters, and a URL triples it
    const metadata = JSON.stringify({ a: "\u0001".repeat(169) }); // 1,022 bytes of the 1,024 that are taken
    const imageTypes = Array.from({ length: 20 }, (_, number) => `${number}`.padStart(31, "x"));
    const renditions = imageTypes.flatMap((imageType) =>
      imageTypeFormats.map(() => ({
        imageType,
        format: "webp" as const,
        bytes: 2 ** 40,
        width: 65_535,
        height: 65_535,
      })),
    );
    const after: RawRecord = {
      original,
      id: "x".repeat(32),
      epoch: 0,
      status: "READY",
      metadata,
      renditions,
      generation: "a".repeat(48),
      imageId: `raw/${original}/${"a".repeat(48)}.jpg`,
      focus: { x: 1 / 3, y: 1 / 7 },
      contentHash: "a".repeat(64),
      format: "jpeg",
      bytes: 2 ** 40,
      width: 65_535,
      height: 65_535,
      placeholder: "x".repeat(36),
      dominantColour: "#123456",
      createdAt: "2030-01-01T00:00:00.000Z",
      updatedAt: "2030-01-01T00:00:00.000Z",
    };
    const deliveryUrl = `https://${"x".repeat(253)}`;
    const { requests } = await put(eventsOf({ before: undefined, after }), taken, deliveryUrl);
    const sizes = requests.flat().map(({ Source = "", DetailType = "", Detail = "" }) => {
      return 14 + Buffer.byteLength(Source + DetailType + Detail);
    });
    expect(sizes).to.have.length(2);
    for (const size of sizes) expect(size).to.be.below(256 * 1024);
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
    const [refusal] = await createImageEvents({ send } as never, "bus", undefined).put(event("1"));
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

import { expect } from "chai";

import { historyOf, type StoredMoments } from "../history";
import { shownLine } from "../logLines";

interface Event {
  stream: string;
  timestamp: number;
  message: string;
}

const event = (timestamp: number, fields: object): Event => ({
  stream: "one",
  timestamp,
  message: JSON.stringify({ level: "INFO", service: "Taker", ...fields }),
});
const start = (timestamp: number, requestId: string) =>
  event(timestamp, { type: "platform.start", record: { requestId } });
const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The history of `photo.jpg` as pairs of milliseconds and text. */
function told(groups: Record<string, Event[]>, stored: Partial<StoredMoments> = {}) {
  const resources = [...Object.keys(groups), "empty"].map((id) => ({ type: "aws:cloudwatch/logGroup:LogGroup", id }));
  const history = historyOf(
    {
      logs: { eventsOf: (group) => groups[group] },
      resources: [...resources, { type: "aws:sqs/queue:Queue", id: "first" }],
      read: (_group, time, text) => shownLine(time, text),
      isDriven: (name) => name === "Taker",
    },
    "photo.jpg",
    { uploads: new Map(), uploadBucket: "Uploads", renditions: [], ...stored },
  );
  return history.map(({ time, from, text }) => `${Date.parse(time)} ${from}: ${text}`);
}

describe("the history of an image", () => {
  it("is what any function logged about it, in the order of time", () => {
    const line = (timestamp: number, name: string) => event(timestamp, { message: `${name} at ${timestamp}`, name });
    const first = [line(3, "photo.jpg"), line(4, "other.jpg")];
    expect(told({ first, second: [line(1, "photo.jpg")] })).to.deep.equal([
      "1 Taker: photo.jpg at 1",
      "3 Taker: photo.jpg at 3",
    ]);
  });

  it("tells once for each invocation when a function that a queue drives received it", () => {
    const line = (timestamp: number, request: string, service = "Taker") =>
      event(timestamp, { message: "done", name: "photo.jpg", function_request_id: request, service });
    const first = [start(1, "a"), line(2, "a"), line(3, "a"), start(4, "b"), line(5, "c"), start(6, "d")];
    const second = [start(7, "e"), line(8, "e", "Asker")];
    expect(told({ first, second })).to.deep.equal([
      "1 Taker: received",
      "2 Taker: done",
      "3 Taker: done",
      "5 Taker: done",
      "8 Asker: done",
    ]);
  });

  it("tells each upload once: of the records, and where they know it no more, of the time that it took", () => {
    const ready = (timestamp: number, generation: string, latencyMs: number) =>
      event(timestamp, { message: "ready", name: "photo.jpg", generation, latencyMs });
    const uploads = new Map([["2", at(19)]]);
    expect(told({ first: [ready(10, "1", 5), ready(25, "2", 7)] }, { uploads })).to.deep.equal([
      "5 Uploads: uploaded",
      "10 Taker: ready",
      "19 Uploads: uploaded",
      "25 Taker: ready",
    ]);
  });

  it("has a line for each rendition that is stored", () => {
    const renditions = [{ time: at(2), from: "Images", level: "INFO", text: "large stored", name: "photo.jpg" }];
    const first = [event(3, { message: "ready", name: "photo.jpg" })];
    expect(told({ first }, { renditions })).to.deep.equal(["2 Images: large stored", "3 Taker: ready"]);
  });
});

import { expect } from "chai";
import { createFeed, type FeedOptions } from "../feed";

describe("the feed of the console", () => {
  it("tells a line with the time that its log keeps, so that a page knows it again there", () => {
    let write: Parameters<FeedOptions["logs"]["onLine"]>[0] = () => undefined;
    const sent: unknown[] = [];
    const options = {
      logs: { onLine: (listener: typeof write) => ((write = listener), () => undefined) },
      read: (from: string, time: string, text: string) => ({ from, time, text, level: "INFO" }),
      stream: { listening: true, send: (...event: unknown[]) => sent.push(event) },
    };
    createFeed(options as unknown as FeedOptions);
    write("group", "a line", Date.UTC(2026, 0, 31, 12));
    expect(sent).to.deep.equal([
      ["line", { from: "group", time: "2026-01-31T12:00:00.000Z", text: "a line", level: "INFO" }],
    ]);
  });
});

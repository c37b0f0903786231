import { expect } from "chai";

import { historyOf } from "../history";

describe("the history of an image", () => {
  it("is what any function logged about it, in the order of time", () => {
    const event = (timestamp: number, name: string) => ({
      stream: "one",
      timestamp,
      message: JSON.stringify({ level: "INFO", service: "Process", message: `${name} at ${timestamp}`, name }),
    });
    const groups: Record<string, ReturnType<typeof event>[]> = {
      first: [event(3, "photo.jpg"), event(4, "other.jpg")],
      second: [event(1, "photo.jpg")],
    };
    const logs = { eventsOf: (group: string) => groups[group] };
    const resources = ["first", "second", "undeclared"].map((id) => ({ type: "aws:cloudwatch/logGroup:LogGroup", id }));
    const history = historyOf({ logs, resources }, "photo.jpg");
    expect(history.map(({ text }) => text)).to.deep.equal(["photo.jpg at 1", "photo.jpg at 3"]);
  });
});

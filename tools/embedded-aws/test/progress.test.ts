import { expect } from "chai";

import { progressOf } from "../progress";

describe("progressOf", () => {
  const shown = (line: unknown) => progressOf("/aws/lambda/f", JSON.stringify(line), false)?.replace(/^\S+ /, "");

  it("shows what a function says, with the time and its name", () => {
    const line = JSON.stringify({ level: "INFO", message: "a.jpg: stored", service: "RawImagePutProcess" });
    expect(progressOf("group", line, false)).to.match(/^\d\d:\d\d:\d\d RawImagePutProcess {17}a\.jpg: stored$/);
    expect(shown({ level: "WARN", message: "m" })).to.match(/^\/aws\/lambda\/f +m$/);
  });

  it("shows why something failed", () => {
    const error = { name: "RangeError", message: "too far", stack: "…" };
    expect(shown({ level: "ERROR", message: "message failed", error })).to.match(
      / message failed \(RangeError: too far\)$/,
    );
  });

  it("shows nothing else", () => {
    expect(shown({ level: "DEBUG", message: "m" })).to.equal(undefined);
    expect(shown({ level: "INFO", message: "m", _aws: {} })).to.equal(undefined);
    expect(shown({ type: "platform.report", record: {} })).to.equal(undefined);
    for (const line of [null, 7, "text", []]) expect(shown(line)).to.equal(undefined);
    expect(progressOf("group", "no JSON", false)).to.equal(undefined);
  });

  it("shows every line as it is where that is asked for", () => {
    expect(progressOf("group", '{"level":"DEBUG"}', true)).to.equal('group {"level":"DEBUG"}');
    expect(progressOf("group", "no JSON", true)).to.equal("group no JSON");
  });

  it("steers no terminal", () => {
    const message = "\u001b[2Ja\u0007\nb\u009b1m.jpg";
    expect(shown({ level: "INFO", message })).to.match(/ {2}\[2Ja b 1m\.jpg$/);
    expect(progressOf("group", message, true)).to.equal("group  [2Ja b 1m.jpg");
  });
});

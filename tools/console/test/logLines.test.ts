import { expect } from "chai";

import { shownLine } from "../logLines";

const time = "2026-01-01T12:00:00.000Z";
const line = (fields: object) =>
  shownLine(time, JSON.stringify({ level: "INFO", service: "RawImagePutProcess", ...fields }));

describe("a line of a function's log", () => {
  it("is about the image that it names", () => {
    expect(line({ message: "photo.jpg: stored", name: "photo.jpg" })).to.deep.equal({
      time,
      from: "RawImagePutProcess",
      level: "INFO",
      text: "photo.jpg: stored",
      name: "photo.jpg",
    });
  });

  it("is about the image of the message that failed, and says why", () => {
    const error = { name: "SlowDown", message: "Please reduce your request rate." };
    const ofS3 = JSON.stringify({ Records: [{ s3: { object: { key: "images/a+photo%C3%A9.jpg" } } }] });
    expect(line({ level: "ERROR", message: "message failed", error, body: ofS3 })).to.include({
      level: "ERROR",
      text: "message failed (SlowDown: Please reduce your request rate.)",
      name: "a photoé.jpg",
    });
    expect(line({ message: "message failed", body: JSON.stringify({ original: "photo.jpg" }) })?.name).to.equal(
      "photo.jpg",
    );
  });

  it("is about no image where the message cannot be read", () => {
    for (const body of [
      undefined,
      "{",
      "null",
      '"text"',
      '{"Records":[]}',
      '{"Records":[null]}',
      '{"Records":[{"s3":{"object":{"key":"elsewhere/photo.jpg"}}}]}',
    ])
      expect(line({ message: "message failed", body })).not.to.have.property("name");
  });

  it("is none where it is a metric, an event of the platform, or plain text", () => {
    const texts = ['{"_aws":{}}', '{"type":"platform.start","record":{}}', "START RequestId: 1", "null", "[]"];
    for (const text of texts) expect(shownLine(time, text)).to.equal(undefined);
  });
});

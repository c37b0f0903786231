import { expect } from "chai";
import { freshness, unlessKnown } from "../../../handlers/entries/freshness";

const noon = Date.parse("2026-01-01T12:00:00Z");
const rendition = { imageType: "small", format: "jpeg", bytes: 1, width: 2, height: 3 };
const image = (status = "READY") => ({ object: "a.jpg", status, renditions: [rendition] });

describe("the headers of an image's status", () => {
  it("have a tag that is the same while the image is, and another once a URL's life ends", () => {
    const { etag } = freshness(image(), noon);
    expect(etag).to.match(/^"[0-9a-f]{32}"$/);
    expect(freshness(image(), noon + 29 * 60_000).etag).to.equal(etag);
    expect(freshness(image(), noon + 30 * 60_000).etag).not.to.equal(etag);
    expect(freshness(image("DELETING"), noon).etag).not.to.equal(etag);
    const larger = { ...image(), renditions: [{ ...rendition, width: 9 }] };
    expect(freshness(larger, noon).etag).not.to.equal(etag);
  });

  it("tell when to ask again only while the image is on its way", () => {
    const after = (status: string) => freshness(image(status), noon)["retry-after"];
    expect(["UPLOADED", "PROCESSING", "DELETING"].map(after)).to.deep.equal(["1", "1", "1"]);
    expect(["READY", "FAILED", "REJECTED"].map(after)).to.deep.equal([undefined, undefined, undefined]);
    const beside = (status: "PROCESSING" | "FAILED") =>
      freshness({ ...image(), pending: { status } }, noon)["retry-after"];
    expect([beside("PROCESSING"), beside("FAILED")]).to.deep.equal(["1", undefined]);
  });
});

describe("a request that knows an answer", () => {
  const headers = { etag: '"t"', "cache-control": "private, no-cache" };
  const answer = { status: 200, body: { a: 1 }, headers };
  const asked = (value: string) => unlessKnown({ headers: { "If-None-Match": value } }, answer).status;

  it("is answered with 304 and no body, by the tag alone, among others, weak, or as anything", () => {
    expect(['"t"', '"x", "t"', 'W/"t"', "*"].map(asked)).to.deep.equal([304, 304, 304, 304]);
    const known = unlessKnown({ headers: { "if-none-match": '"t"' } }, answer);
    expect(known).to.deep.equal({ status: 304, body: undefined, headers });
  });

  it("is answered in full where the tag is another, or the answer has none", () => {
    expect(['"x"', "t", ""].map(asked)).to.deep.equal([200, 200, 200]);
    expect(unlessKnown({ headers: null }, answer)).to.equal(answer);
    const error = { status: 404, body: {} };
    expect(unlessKnown({ headers: { "if-none-match": "*" } }, error)).to.equal(error);
  });
});

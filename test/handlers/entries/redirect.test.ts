import { expect } from "chai";
import { redirect } from "../../../handlers/entries/redirect";

const rendition = { imageType: "small", url: "https://a/small", format: "jpeg", bytes: 1, width: 2, height: 3 };
const image = { object: "a.jpg", status: "READY", renditions: [rendition, { ...rendition, imageType: "large" }] };
const none = { object: "a.jpg", renditions: [] };

describe("the answer to a request for one rendition", () => {
  it("is where it is, to be kept for a minute by this client alone", () => {
    expect(redirect(image, "small")).to.deep.equal({
      status: 302,
      body: undefined,
      headers: { location: "https://a/small", "cache-control": "private, max-age=60" },
    });
  });

  it("names the renditions that there are where this one is not among them", () => {
    const message = '"a.jpg" has no rendition "huge". It has small, large.';
    expect(redirect(image, "huge")).to.deep.equal({
      status: 404,
      body: { error: { code: "NoSuchRendition", message } },
    });
  });

  it("is 202 while renditions are made", () => {
    for (const status of ["UPLOADED", "PROCESSING"]) {
      const headers = { "retry-after": "1" };
      expect(redirect({ ...none, status }, "small")).to.deep.equal({
        status: 202,
        body: { object: "a.jpg", status },
        headers,
      });
    }
  });

  it("tells why there will be none", () => {
    const message = (of: { status: string; reason?: string }) =>
      (redirect({ ...none, ...of }, "small").body as { error: { message: string } }).error.message;
    expect(message({ status: "REJECTED", reason: "The file is empty." })).to.equal(
      '"a.jpg" is REJECTED. The file is empty.',
    );
    expect(message({ status: "DELETING" })).to.equal('"a.jpg" is DELETING. It has no renditions.');
  });
});

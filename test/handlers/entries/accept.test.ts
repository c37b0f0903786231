import { expect } from "chai";
import { bestFor } from "../../../handlers/entries/accept";

const choices = (...formats: ("avif" | "webp" | "jpeg" | "png" | "gif")[]) => formats.map((format) => ({ format }));
const all = choices("avif", "webp", "jpeg");
const chosen = (accept: string | undefined, of = all) => bestFor(accept, of)?.format;

describe("the format that suits a request", () => {
  // As the browsers send it for a picture of a page, and for a page of its own.
  const browsers: [string, string, string][] = [
    ["Chrome's pictures", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "avif"],
    [
      "Chrome's pages",
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
      "avif",
    ],
    ["Firefox's pictures", "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "avif"],
    ["Firefox's pictures before AVIF", "image/webp,*/*", "webp"],
    [
      "Safari's pictures",
      "image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
      "avif",
    ],
    [
      "Safari's pictures before AVIF",
      "image/webp,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5",
      "webp",
    ],
    ["Safari's pictures before WebP", "image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5", "jpeg"],
    ["Safari's pages", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "jpeg"],
    ["Internet Explorer's pictures", "image/png, image/svg+xml, image/jxr, image/*;q=0.8, */*;q=0.5", "jpeg"],
    ["curl's", "*/*", "jpeg"],
  ];
  for (const [whose, accept, format] of browsers) {
    it(`is ${format} for ${whose} requests`, () => {
      expect(chosen(accept)).to.equal(format);
    });
  }

  it("is the most compatible one where the request does not say, or likes none", () => {
    for (const accept of [undefined, "", "  ", "text/html", "image/gif", "*/*;q=0", "image/avif;q=0"]) {
      expect(chosen(accept), accept).to.equal("jpeg");
      expect(chosen(accept, choices("avif", "webp")), accept).to.equal("webp");
    }
  });

  it("of an animation is WebP where the request names it, else GIF, which all programs show", () => {
    const moving = choices("webp", "gif");
    for (const [whose, accept, format] of browsers) {
      expect(chosen(accept, moving), whose).to.equal(format === "jpeg" ? "gif" : "webp");
    }
    for (const accept of [undefined, "text/html", "*/*"]) expect(chosen(accept, moving), accept).to.equal("gif");
  });

  it("goes by quality, then by the configured order", () => {
    expect(chosen("image/avif;q=0.5, image/webp;q=0.9, image/jpeg;q=0.1")).to.equal("webp");
    expect(chosen("image/webp, image/avif", choices("avif", "webp"))).to.equal("avif");
    expect(chosen("image/webp, image/avif", choices("webp", "avif"))).to.equal("webp");
    expect(chosen("image/avif,image/*", choices("jpeg", "avif"))).to.equal("jpeg");
    expect(chosen("image/*", choices("png", "jpeg"))).to.equal("png");
  });

  it("lets a format's own quality win over that of a range that holds it", () => {
    expect(chosen("image/jpeg;q=0.2, image/png;q=0.5, */*", choices("jpeg", "png"))).to.equal("png");
    expect(chosen("image/*;q=0.1, image/webp;q=0.2, */*;q=0.9", choices("jpeg", "webp"))).to.equal("webp");
    expect(chosen("image/jpeg;q=0, image/webp;q=0.1, */*")).to.equal("webp");
  });

  it("reads any spelling, and takes a wrong quality for none", () => {
    expect(chosen("IMAGE/AVIF ; Q=0.9 ,image/webp;level=1;q=0.95")).to.equal("webp");
    expect(chosen("image/avif;q=high, image/webp;q=2, image/jpeg;q=0.1")).to.equal("jpeg");
    expect(chosen(",,image/webp")).to.equal("webp");
  });

  it("is undefined where there is none", () => {
    expect(chosen("*/*", [])).to.equal(undefined);
  });
});

import { expect } from "chai";
import { uploadProcess, type UploadRequest } from "../../../handlers/protocol/uploadProcess";

const limits = {
  acceptedFormats: ["jpeg" as const],
  acceptedExtensions: ["jpg"],
  maxBytes: 1000,
  maxPixels: 1e6,
  maxSide: 1e4,
  maxProportion: 1e4,
};
const grant = uploadProcess({
  uploads: {
    post: async (key, terms) => ({ url: `post ${key}`, fields: { terms: JSON.stringify(terms) } }),
    put: async (key, terms) => ({ url: `put ${key}`, headers: { terms: JSON.stringify(terms) } }),
  },
  limits,
  clock: { now: () => Date.parse("2026-01-01T00:00:00Z") },
});
const common = { object: "a b.jpg", maxBytes: 1000, expiresAt: "2026-01-01T00:15:00.000Z" };

describe("uploadProcess", () => {
  it("grants a form for the key of the name, for any length that is accepted and a quarter of an hour", async () => {
    expect(await grant({ object: "a b.jpg", method: "POST" })).to.deep.equal({
      ...common,
      method: "POST",
      url: "post images/a b.jpg",
      fields: { terms: '{"expiresInSeconds":900,"userMetadata":{},"maxBytes":1000}' },
    });
  });

  it("grants a PUT of exactly the length that was asked for", async () => {
    expect(await grant({ object: "a b.jpg", method: "PUT", bytes: 1000 })).to.deep.equal({
      ...common,
      method: "PUT",
      url: "put images/a b.jpg",
      headers: { terms: '{"expiresInSeconds":900,"userMetadata":{},"bytes":1000}' },
    });
  });

  it("grants it with the metadata and the focus that were asked for", async () => {
    const userMetadata = { metadata: "eyJhIjoxfQ", focus: "eyJ4IjowLCJ5IjoxfQ" };
    const details = { metadata: '{"a":1}', focus: { x: 0, y: 1 } };
    expect(await grant({ object: "a.jpg", method: "POST", ...details })).to.deep.include({
      fields: { terms: JSON.stringify({ expiresInSeconds: 900, userMetadata, maxBytes: 1000 }) },
    });
    expect(await grant({ object: "a.jpg", method: "PUT", bytes: 5, ...details })).to.deep.include({
      headers: { terms: JSON.stringify({ expiresInSeconds: 900, userMetadata, bytes: 5 }) },
    });
  });

  for (const [request, refused] of [
    [{ object: "a.gif", method: "POST" }, "The name must end in one of: .jpg."],
    [{ object: "a/b.jpg", method: "POST" }, "The name contains a slash (/). Leave it out."],
    [
      { object: "a.jpg", method: "PUT", bytes: 1001 },
      "The file has 1001 bytes; up to 1000 are allowed. Send a smaller one.",
    ],
  ] as [UploadRequest, string][]) {
    it(`refuses ${JSON.stringify(request)}`, async () => {
      expect(await grant(request)).to.deep.equal({ refused });
    });
  }
});

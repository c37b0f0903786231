import { expect } from "chai";
import * as fc from "fast-check";
import { detailsOf, MAX_METADATA_BYTES, userMetadataOf } from "../../../handlers/protocol/uploadDetails";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

describe("an upload's details in the user metadata of its object", () => {
  it("come back as they were sent, whatever JSON they are", () => {
    const numbers = fc.double({ min: -1e15, max: 1e15, noNaN: true });
    const values = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.string({ unit: "binary" }),
        numbers,
        fc.boolean(),
        fc.constant(null),
        tie("list"),
        tie("object"),
      ),
      list: fc.array(tie("any"), { maxLength: 3 }),
      object: fc.dictionary(fc.string({ unit: "binary" }), tie("any"), { maxKeys: 3 }),
    }));
    const share = fc.integer({ min: 0, max: 100_000 }).map((value) => value / 100_000);
    fc.assert(
      fc.property(values.object, fc.option(fc.record({ x: share, y: share }), { nil: undefined }), (object, focus) => {
        const metadata = JSON.stringify(object);
        fc.pre(Buffer.byteLength(metadata) <= MAX_METADATA_BYTES);
        expect(detailsOf(userMetadataOf({ metadata, focus }))).to.deep.equal({ metadata, focus });
      }),
    );
  });

  it("fit into the 2 KB that S3 keeps, in ASCII, at their largest", () => {
    const focus = { x: 0.12345, y: 0.98765 };
    const metadata = JSON.stringify({ a: "ü".repeat((MAX_METADATA_BYTES - 8) / 2) });
    expect(Buffer.byteLength(metadata)).to.equal(MAX_METADATA_BYTES);
    const user = userMetadataOf({ metadata, focus });
    const text = Object.entries(user).flat().join("");
    expect(text).to.match(/^[\w-]+$/);
    expect(text.length).to.be.below(2_048);
    expect(detailsOf(user)).to.deep.equal({ metadata, focus });
  });

  it("are none where S3 has none, and nothing else of it is read", () => {
    const none = { metadata: undefined, focus: undefined };
    expect(userMetadataOf(none)).to.deep.equal({});
    expect(detailsOf({})).to.deep.equal(none);
    expect(detailsOf({ camera: "x100", "s3b-last-modified": "now" })).to.deep.equal(none);
  });

  it("have a focus of five decimal places, which is exact to a pixel", () => {
    const focus = encoded('{"x":1e-300,"y":0.123456789}');
    expect(detailsOf({ focus })).to.deep.include({ focus: { x: 0, y: 0.12346 } });
  });

  const number = "focus.x must be a number from 0 to 1";
  for (const [what, userMetadata, refused] of [
    ["that is not Base64 of JSON", { metadata: "plain text" }, "metadata must be a JSON object"],
    ["that S3 encoded for mail", { metadata: "=?UTF-8?B?w7w=?=" }, "metadata must be a JSON object"],
    ["that is empty", { metadata: "" }, "metadata must be a JSON object"],
    ["that is null", { metadata: encoded("null") }, "metadata must be a JSON object"],
    ["that is a list", { metadata: encoded("[1]") }, "metadata must be a JSON object"],
    [
      "that is too long",
      { metadata: encoded(JSON.stringify({ a: "x".repeat(1_017) })) },
      "metadata has 1025 bytes as JSON in UTF-8; at most 1024 are allowed",
    ],
    [
      "with a number that JavaScript cannot hold",
      { metadata: encoded('{"a":[{"id":12345678901234567890}]}') },
      "metadata has a number beyond ±9007199254740991, which would lose digits; send it as text",
    ],
    ["that is a number", { focus: encoded("5") }, 'focus must be a JSON object such as {"x": 0.5, "y": 0.25}'],
    ["that is not JSON", { focus: "0.5,0.5" }, 'focus must be a JSON object such as {"x": 0.5, "y": 0.25}'],
    ["with half a point", { focus: encoded('{"y":1}') }, number],
    ["beside the picture", { focus: encoded('{"x":1.01,"y":1}') }, number],
    ["with text", { focus: encoded('{"x":"0.5","y":1}') }, number],
    ["with more", { focus: encoded('{"x":0,"y":0,"z":0}') }, "focus.z is unknown; allowed are x, y"],
  ] as const) {
    it(`are refused: ${Object.keys(userMetadata).join()} ${what}`, () => {
      expect(detailsOf(userMetadata)).to.deep.equal({
        refused: `The upload's ${refused}. Ask POST /uploads for an upload, and send that.`,
      });
    });
  }
});

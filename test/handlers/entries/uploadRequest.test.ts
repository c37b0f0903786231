import { expect } from "chai";
import { uploadRequest } from "../../../handlers/entries/uploadRequest";

const whole = "must be a whole number from 1 to 9007199254740991.";

describe("the request of POST /uploads", () => {
  it("is read from a body that API Gateway encoded, or did not", () => {
    const body = '{"object":"ü.jpg"}';
    const read = { object: "ü.jpg", method: "POST" };
    expect(uploadRequest({ body })).to.deep.equal(read);
    expect(uploadRequest({ body: Buffer.from(body).toString("base64"), isBase64Encoded: true })).to.deep.equal(read);
  });

  it("may be a PUT, which tells its length", () => {
    const request = { object: "a.jpg", method: "PUT", bytes: 5 };
    expect(uploadRequest({ body: JSON.stringify(request) })).to.deep.equal(request);
  });

  it("may bring metadata, which is read as its text, and a focus", () => {
    const body = '{"object":"a.jpg", "metadata": {"who": "ü", "tags": [1, null]}, "focus": {"x": 0, "y": 0.5}}';
    const details = { metadata: '{"who":"ü","tags":[1,null]}', focus: { x: 0, y: 0.5 } };
    expect(uploadRequest({ body })).to.deep.equal({ object: "a.jpg", method: "POST", ...details });
    const put = { ...(JSON.parse(body) as object), method: "PUT", bytes: 5 };
    const read = { object: "a.jpg", method: "PUT", bytes: 5, ...details };
    expect(uploadRequest({ body: JSON.stringify(put) })).to.deep.equal(read);
  });

  it("may be as long as its fields can be, however they are written", () => {
    const escaped = (text: string) => text.replace(/x/g, "\\u0078");
    const metadata = `{"a":"${"x".repeat(1_016)}"}`;
    const body = `{"object":"${escaped("x".repeat(196))}.jpg","metadata":${escaped(metadata)},"focus":{"x":1,"y":1}}`;
    expect(uploadRequest({ body })).to.deep.include({ metadata, focus: { x: 1, y: 1 } });
  });

  for (const [body, refused] of [
    [undefined, 'The body must be a JSON object such as {"object": "photo.jpg"}. It is not JSON.'],
    ["{", 'The body must be a JSON object such as {"object": "photo.jpg"}. It is not JSON.'],
    ["[]", "The body must be a JSON object."],
    ["null", "The body must be a JSON object."],
    ["{}", "object must be the image's name."],
    ['{"object":5}', "object must be the image's name."],
    ['{"object":"a.jpg","method":"put"}', "method must be POST or PUT."],
    ['{"object":"a.jpg","method":"PUT"}', "bytes must tell how many bytes the PUT will have."],
    ['{"object":"a.jpg","bytes":5}', "bytes is for the method PUT only. Leave it out."],
    ['{"object":"a.jpg","method":"PUT","bytes":0}', `bytes ${whole}`],
    ['{"object":"a.jpg","method":"PUT","bytes":1.5}', `bytes ${whole}`],
    ['{"object":"a.jpg","method":"PUT","bytes":"5"}', `bytes ${whole}`],
    ['{"object":"a.jpg","size":5}', "size is unknown; allowed are object, method, bytes, metadata, focus."],
    ['{"object":"a.jpg","metadata":"{}"}', "metadata must be a JSON object."],
    ['{"object":"a.jpg","metadata":[]}', "metadata must be a JSON object."],
    ['{"object":"a.jpg","metadata":null}', "metadata must be a JSON object."],
    [
      `{"object":"a.jpg","metadata":{"a":"${"ü".repeat(509)}"}}`,
      "metadata has 1026 bytes as JSON in UTF-8; at most 1024 are allowed.",
    ],
    [
      '{"object":"a.jpg","metadata":{"a":1e400}}',
      "metadata has a number beyond ±9007199254740991, which would lose digits; send it as text.",
    ],
    [
      `{"object":"a.jpg","metadata":{"a":${"[".repeat(4_000)}${"]".repeat(4_000)}}}`,
      "metadata has 8006 bytes as JSON in UTF-8; at most 1024 are allowed.",
    ],
    [`{"object":"${"x".repeat(9_000)}"}`, "The body has 9013 bytes; at most 8192 are allowed."],
    ['{"object":"a.jpg","focus":[0.5,0.5]}', "focus.x must be a number from 0 to 1."],
    ['{"object":"a.jpg","focus":"centre"}', 'focus must be a JSON object such as {"x": 0.5, "y": 0.25}.'],
    ['{"object":"a.jpg","focus":{"x":0.5}}', "focus.y must be a number from 0 to 1."],
    ['{"object":"a.jpg","focus":{"x":0.5,"y":-0.01}}', "focus.y must be a number from 0 to 1."],
    ['{"object":"a.jpg","focus":{"x":1e400,"y":0}}', "focus.x must be a number from 0 to 1."],
    ['{"object":"a.jpg","focus":{"x":null,"y":0}}', "focus.x must be a number from 0 to 1."],
    ['{"object":"a.jpg","focus":{"x":0,"y":0,"r":1}}', "focus.r is unknown; allowed are x, y."],
    [
      '{"object":"a.jpg","focus":{"x":NaN,"y":0}}',
      'The body must be a JSON object such as {"object": "photo.jpg"}. It is not JSON.',
    ],
  ] as const) {
    it(`is refused: ${String(body).slice(0, 70)}`, () => {
      expect(uploadRequest({ body })).to.deep.equal({ refused });
    });
  }
});

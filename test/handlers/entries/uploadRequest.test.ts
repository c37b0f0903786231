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

  for (const [body, refused] of [
    [undefined, 'The body must be a JSON object such as {"object": "photo.jpg"}. It is not JSON.'],
    ["{", 'The body must be a JSON object such as {"object": "photo.jpg"}. It is not JSON.'],
    ["[]", "object must be the image's name."],
    ["null", "The body must be a JSON object."],
    ["{}", "object must be the image's name."],
    ['{"object":5}', "object must be the image's name."],
    ['{"object":"a.jpg","method":"put"}', "method must be POST or PUT."],
    ['{"object":"a.jpg","method":"PUT"}', "bytes must tell how many bytes the PUT will have."],
    ['{"object":"a.jpg","bytes":5}', "bytes is for the method PUT only. Leave it out."],
    ['{"object":"a.jpg","method":"PUT","bytes":0}', `bytes ${whole}`],
    ['{"object":"a.jpg","method":"PUT","bytes":1.5}', `bytes ${whole}`],
    ['{"object":"a.jpg","method":"PUT","bytes":"5"}', `bytes ${whole}`],
    ['{"object":"a.jpg","size":5}', "size is unknown; allowed are object, method, bytes."],
  ] as const) {
    it(`is refused: ${String(body)}`, () => {
      expect(uploadRequest({ body })).to.deep.equal({ refused });
    });
  }
});

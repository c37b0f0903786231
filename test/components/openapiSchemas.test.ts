import { expect } from "chai";
import fc from "fast-check";
import { is } from "valibot";

import { imageName, imageTypeName, schemas } from "../../components/openapiSchemas";
import { imageTypeName as configuredName, uploadLimitEntries } from "../../handlers/imageSchemas";
import { spellings } from "../../handlers/imageTypes";
import { MAX_NAME_BYTES, refuseName } from "../../handlers/protocol/objectName";

describe("the limits in the API's OpenAPI document", () => {
  const endings = Object.values(spellings).flat();
  const fits = (name: string) =>
    Array.from(name).length >= imageName.minLength &&
    Array.from(name).length <= imageName.maxLength &&
    new RegExp(imageName.pattern).test(name);
  const names = fc
    .tuple(fc.string({ unit: "binary", maxLength: 210 }), fc.constantFrom(...endings, "JPG", "tIf", "exe", "jpgx"))
    .map(([start, end]) => `${start}.${end}`);

  it("take every name that the service takes", () => {
    expect(imageName.maxLength).to.equal(MAX_NAME_BYTES);
    fc.assert(fc.property(names, (name) => fits(name) || refuseName(name, endings) !== undefined));
  });

  it("refuse every name that the service refuses, but for what a schema cannot tell", () => {
    // Bytes, lone surrogates, invisible characters and normalisation.
    const beyond = (name: string) =>
      Buffer.byteLength(name) > MAX_NAME_BYTES || /[\p{Cs}\p{Cf}]/u.test(name) || name !== name.normalize("NFC");
    const cases = ["a/b.jpg", ".jpg", "a", "a.exe", "a.jpg.exe", "a\u0000.jpg", "a\u009f.jpg", "\uffff.png", ""];
    for (const name of cases) expect(fits(name), JSON.stringify(name)).to.equal(false);
    fc.assert(
      fc.property(names, (name) => !fits(name) || beyond(name) || refuseName(name, endings) === undefined),
      { examples: cases.map((name) => [name]) },
    );
  });

  it("are those of the configuration", () => {
    const { maxBytes } = uploadLimitEntries();
    const { minimum, maximum } = schemas.PutRequest.properties.bytes;
    expect([minimum, maximum].map((bytes) => is(maxBytes, bytes))).to.deep.equal([true, true]);
    expect([minimum - 1, maximum + 1].map((bytes) => is(maxBytes, bytes))).to.deep.equal([false, false]);
    const types = fc.string({ unit: fc.constantFrom(..."az09-A_é ".split(/(?:)/u)), minLength: 0, maxLength: 33 });
    fc.assert(
      fc.property(types, (name) => is(configuredName(), name) === new RegExp(imageTypeName.pattern).test(name)),
    );
  });
});

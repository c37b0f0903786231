import { expect } from "chai";
import { imageTypes, text, uploadLimits, wholeNumber } from "../../../handlers/entries/environment";
import { withEnvironment } from "../protocol/support";

const large = { imageType: "large", width: 2016, height: 2016, fit: "inside", format: "jpeg", quality: 80 };
const limits = { acceptedFormats: ["jpeg"], acceptedExtensions: ["jpg"], maxBytes: 1, maxPixels: 4 };

describe("the functions' environment", () => {
  const read = <T>(name: string, value: string | undefined, reader: () => T) =>
    withEnvironment({ [name]: value }, reader);

  it("is read as it was written", () => {
    expect(read("TABLE", "ImageMetadata", () => text("TABLE"))).to.equal("ImageMetadata");
    expect(read("COUNT", "5", () => wholeNumber("COUNT"))).to.equal(5);
    expect(read("IMAGE_TYPES", JSON.stringify([large]), imageTypes)).to.deep.equal([large]);
    const enlarged = { ...large, enlarge: true };
    expect(read("IMAGE_TYPES", JSON.stringify([enlarged]), imageTypes)).to.deep.equal([enlarged]);
    expect(read("UPLOAD_LIMITS", JSON.stringify(limits), uploadLimits)).to.deep.equal(limits);
  });

  const wrong: [name: string, value: string | undefined, reader: () => unknown, message: string][] = [
    ["TABLE", undefined, () => text("TABLE"), "the environment variable TABLE is not set"],
    ["TABLE", "", () => text("TABLE"), "the environment variable TABLE is not set"],
    ["COUNT", "0", () => wholeNumber("COUNT"), "the environment variable COUNT is no whole number: 0"],
    ["IMAGE_TYPES", "[", imageTypes, "the environment variable IMAGE_TYPES is not JSON: ["],
    ["IMAGE_TYPES", "{}", imageTypes, "the environment variable IMAGE_TYPES is wrong at its root: "],
    [
      "IMAGE_TYPES",
      JSON.stringify([large, { ...large, quality: 101 }]),
      imageTypes,
      "the environment variable IMAGE_TYPES is wrong at 1.quality: ",
    ],
    [
      "IMAGE_TYPES",
      JSON.stringify([{ ...large, imageType: "raw" }]),
      imageTypes,
      "the environment variable IMAGE_TYPES is wrong at 0.imageType: ",
    ],
    [
      "UPLOAD_LIMITS",
      JSON.stringify({ ...limits, acceptedFormats: ["svg"] }),
      uploadLimits,
      "the environment variable UPLOAD_LIMITS is wrong at acceptedFormats.0: ",
    ],
  ];
  for (const [name, value, reader, message] of wrong) {
    it(`${name}=${value ?? "(absent)"} is refused`, () => {
      expect(() => read(name, value, reader)).to.throw(message);
    });
  }
});

import { expect } from "chai";
import { imageTypes, text, uploadLimits, wholeNumber } from "../../../handlers/entries/environment";
import {
  type RenditionSpec,
  fits,
  imageFormats,
  imageTypesJson,
  imageTypeFormats,
  renditionFormats,
} from "../../../handlers/imageTypes";
import { checkSettings } from "../../../settings";
import { withEnvironment } from "../protocol/support";

const large: RenditionSpec = {
  imageType: "large",
  width: 2016,
  height: 2016,
  fit: "inside",
  position: "centre",
  format: "auto",
  quality: 80,
  enlarge: false,
};
const limits = {
  acceptedFormats: ["jpeg"],
  acceptedExtensions: ["jpg"],
  maxBytes: 1,
  maxPixels: 4,
  maxSide: 2,
  maxProportion: 2,
};

describe("the functions' environment", () => {
  const read = <T>(name: string, value: string | undefined, reader: () => T) =>
    withEnvironment({ [name]: value }, reader);

  it("is read as it was written", () => {
    expect(read("TABLE", "ImageMetadata", () => text("TABLE"))).to.equal("ImageMetadata");
    expect(read("COUNT", "5", () => wholeNumber("COUNT"))).to.equal(5);
    expect(read("IMAGE_TYPES", JSON.stringify([large]), imageTypes)).to.deep.equal([large]);
    const short = '[{"imageType":"large","width":2016,"height":2016}]';
    expect(imageTypesJson([large])).to.equal(short);
    expect(read("IMAGE_TYPES", short, imageTypes)).to.deep.equal([large]);
    const enlarged = { ...large, enlarge: true };
    expect(read("IMAGE_TYPES", JSON.stringify([enlarged]), imageTypes)).to.deep.equal([enlarged]);
    const animated = { ...large, animated: true as const };
    expect(imageTypesJson([animated])).to.equal('[{"imageType":"large","width":2016,"height":2016,"animated":true}]');
    expect(read("IMAGE_TYPES", imageTypesJson([animated]), imageTypes)).to.deep.equal([animated]);
    expect(read("UPLOAD_LIMITS", JSON.stringify(limits), uploadLimits)).to.deep.equal(limits);
  });

  it("has an image type once, with all its formats", () => {
    const several = [large, { ...large, format: "avif" as const }, { ...large, imageType: "small" }];
    const short =
      '[{"imageType":"large","width":2016,"height":2016,"formats":["auto","avif"]},' +
      '{"imageType":"small","width":2016,"height":2016}]';
    expect(imageTypesJson(several)).to.equal(short);
    expect(read("IMAGE_TYPES", short, imageTypes)).to.deep.equal(several);
  });

  it("takes whatever the settings allow", () => {
    const imageTypesOfAllKinds = Object.fromEntries(
      imageTypeFormats.flatMap((format) =>
        fits.map((fit) => [
          `${format}-${fit}`,
          { width: 1, height: 10_000, fit, format, quality: 1, enlarge: true, animated: format === "gif" },
        ]),
      ),
    );
    const stillFormats = renditionFormats.filter((format) => format !== "gif");
    const settings = checkSettings(
      {
        "aws:region": "eu-west-1",
        "snail-images:imageTypes": JSON.stringify({
          ...imageTypesOfAllKinds,
          ["x".repeat(31)]: { width: 10_000, height: 1 },
          several: { width: 1, height: 1, formats: stillFormats },
        }),
        "snail-images:acceptedFormats": JSON.stringify(imageFormats),
        "snail-images:maxPixels": "99999999",
      },
      { project: "snail-images", stack: "dev" },
    );
    const { imageTypes: types, uploadLimits: uploads } = settings;
    expect(read("IMAGE_TYPES", imageTypesJson(types), imageTypes)).to.deep.equal(types);
    expect(read("UPLOAD_LIMITS", JSON.stringify(uploads), uploadLimits)).to.deep.equal(uploads);
    expect(types).to.have.length(imageTypeFormats.length * fits.length + 1 + stillFormats.length);
  });

  const wrong: [name: string, value: string | undefined, reader: () => unknown, message: string][] = [
    ["TABLE", undefined, () => text("TABLE"), "the environment variable TABLE is not set"],
    ["TABLE", "", () => text("TABLE"), "the environment variable TABLE is not set"],
    ["COUNT", "0", () => wholeNumber("COUNT"), "the environment variable COUNT must be a whole number from 1; got 0"],
    ["IMAGE_TYPES", "[", imageTypes, "the environment variable IMAGE_TYPES must be JSON; got ["],
    ["IMAGE_TYPES", "{}", imageTypes, "the environment variable IMAGE_TYPES at its root "],
    [
      "IMAGE_TYPES",
      JSON.stringify([large, { ...large, quality: 101 }]),
      imageTypes,
      "the environment variable IMAGE_TYPES at 1.quality must be a whole number from 1 to 100",
    ],
    [
      "IMAGE_TYPES",
      JSON.stringify([{ ...large, imageType: "raw" }]),
      imageTypes,
      "the environment variable IMAGE_TYPES at 0.imageType must be named by",
    ],
    [
      "UPLOAD_LIMITS",
      JSON.stringify({ ...limits, acceptedFormats: ["svg"] }),
      uploadLimits,
      "the environment variable UPLOAD_LIMITS at acceptedFormats.0 must be one of jpeg, png",
    ],
  ];
  for (const [name, value, reader, message] of wrong) {
    it(`${name}=${value ?? "(absent)"} is refused`, () => {
      expect(() => read(name, value, reader)).to.throw(message);
    });
  }
});

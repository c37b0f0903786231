import { expect } from "chai";
import fc from "fast-check";
import { s3Event } from "../../../tools/fault-search";
import {
  generationOf,
  keysOf,
  manifestOf,
  originalKey,
  originalKeyPrefix,
  renditionKey,
} from "../../../handlers/protocol/generation";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import { padSequencer, parseDeleteMessage, parsePutMessage, parseS3Notice } from "../../../handlers/protocol/messages";
import {
  decodeEventKey,
  MAX_NAME_BYTES,
  objectOfTempKey,
  refuseName,
  tempKey,
  urlSegment,
} from "../../../handlers/protocol/objectName";

const anyName = fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => name.isWellFormed());

describe("object names", () => {
  it("come back from a temp key, from an S3 event's key and from a URL", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(objectOfTempKey(tempKey(name))).to.equal(name);
        expect(decodeURIComponent(urlSegment(name))).to.equal(name);
        const upload = { key: tempKey(name), versionId: "v", sequencer: "1", body: Buffer.from("") };
        const notice = parseS3Notice(JSON.parse(s3Event(upload, 0)));
        expect(notice.kind === "uploads" && notice.uploads[0]?.key).to.equal(tempKey(name));
      }),
    );
  });

  it("have a URL segment in which nothing but unreserved characters and escapes is left", () => {
    fc.assert(fc.property(anyName, (name) => /^[A-Za-z0-9\-._~%]+$/.test(urlSegment(name))));
  });

  for (const { key, decoded } of [
    { key: "images/a+b.jpg", decoded: "images/a b.jpg" },
    { key: "images/a%2Bb.jpg", decoded: "images/a+b.jpg" },
    { key: "images/100%25.jpg", decoded: "images/100%.jpg" },
    { key: "images/%F0%9F%90%8C.jpg", decoded: "images/🐌.jpg" },
  ]) {
    it(`are decoded once from an event's key: ${key}`, () => {
      expect(decodeEventKey(key)).to.equal(decoded);
    });
  }

  for (const { name, says } of [
    { name: "x".repeat(MAX_NAME_BYTES - 3) + ".jpg", says: "201 bytes" },
    { name: "", says: "0 bytes" },
    { name: "a/b.jpg", says: "slash" },
    { name: "a\u0007.jpg", says: "control character" },
    { name: "a\u0308.jpg", says: "NFC" },
    { name: "a\ufffe.jpg", says: "U+FFFE, which is not a character" },
    { name: "a\uffff.jpg", says: "U+FFFF, which is not a character" },
    { name: "a\ud83d.jpg", says: "U+D83D, which is not a character" },
    { name: "\udc0ca.jpg", says: "U+DC0C, which is not a character" },
    { name: "photo\u202egpj.exe.jpg", says: "the invisible character U+202E" }, // shows as photoexe.jpg turned round
    { name: "a\u200e.jpg", says: "the invisible character U+200E" },
    { name: "a\u{e0041}.jpg", says: "the invisible character U+E0041" },
    { name: "\ufeffa.jpg", says: "the invisible character U+FEFF" },
    { name: "a.txt", says: ".jpg, .png" },
    { name: "IMG_1.HEIC", says: '.jpg, .png. Convert a HEIC photo to JPEG, or set the camera to "Most Compatible".' },
    { name: "a.heif", says: "Convert a HEIC photo" },
    { name: ".jpg", says: "must end in one of" },
    { name: "jpg", says: "must end in one of" },
  ]) {
    it(`are refused with a sentence: ${JSON.stringify(name.slice(0, 12))}`, () => {
      expect(refuseName(name, ["jpg", "png"])).to.include(says);
    });
  }

  it("are refused wherever an invisible character or half a character is in them", () => {
    const invisible = fc
      .integer({ min: 0, max: 0x10ffff })
      .map((code) => String.fromCodePoint(code))
      .filter((character) => /[\p{Cf}\p{Cc}\p{Cs}\ufffe\uffff]/u.test(character) && !/[\u200c\u200d]/.test(character));
    // Few of all code points are invisible: known ones keep the filter short.
    const known = fc.constantFrom(
      ...["\u00ad", "\u061c", "\u180e", "\u200b", "\u2066", "\u206f", "\ufff9", "\u{1d173}"],
    );
    fc.assert(
      fc.property(anyName, fc.oneof(known, invisible), anyName, (before, character, after) => {
        expect(refuseName(`${before}${character}${after}.jpg`, ["jpg"])).to.be.a("string");
      }),
    );
  });

  it("are accepted in any script, up to the limit, with an extension in any case", () => {
    for (const name of [
      "ä ö+%&'\"🐌.JPG",
      "x".repeat(MAX_NAME_BYTES - 4) + ".png",
      "日本.jpg",
      "a.b.png",
      "می\u200cخواهم.jpg",
      "👩\u200d🚀.jpg",
    ]) {
      expect(refuseName(name, ["jpg", "png"]), name).to.equal(undefined);
    }
  });
});

describe("generations", () => {
  const specs: RenditionSpec[] = [
    { imageType: "large", width: 1, height: 1, fit: "inside", format: "jpeg", quality: 80 },
    { imageType: "small", width: 1, height: 1, fit: "cover", format: "avif", quality: 80 },
    { imageType: "small", width: 1, height: 1, fit: "cover", format: "auto", quality: 80 },
  ];

  it("are the same for the same upload, and different for every other", () => {
    expect(generationOf("c", "v")).to.equal(generationOf("c", "v"));
    const others = [generationOf("c", "v"), generationOf("c", "w"), generationOf("d", "v")];
    expect(new Set(others).size).to.equal(3);
  });

  it("can be found from the upload's version alone", () => {
    const key = originalKey("a.jpg", generationOf("content", "v"), "png");
    expect(key.startsWith(originalKeyPrefix("a.jpg", "v"))).to.equal(true);
    expect(key.startsWith(originalKeyPrefix("a.jpg", "w"))).to.equal(false);
  });

  it("have a manifest that names all their objects, whatever the name", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const generation = generationOf("c", "v");
        const keys = keysOf(name, manifestOf(generation, "png", specs));
        expect(keys.generation).to.equal(generation);
        expect(keys.original).to.equal(originalKey(name, generation, "png"));
        const made = [
          { imageType: "large", format: "jpeg" },
          { imageType: "small", format: "avif" },
          // Either may come of `auto`.
          { imageType: "small", format: "jpeg" },
          { imageType: "small", format: "webp" },
        ] as const;
        expect(keys.renditions).to.deep.equal(made.map((rendition) => renditionKey(name, generation, rendition)));
      }),
    );
  });
});

describe("renditions that share an object", () => {
  const generation = generationOf("c", "v");
  const renditions = [
    { imageType: "large", format: "jpeg" },
    { imageType: "medium", storedAs: "large", format: "jpeg" },
    { imageType: "small", storedAs: "large", format: "jpeg" },
    { imageType: "small", format: "webp" },
  ] as const;
  const keys = [`large/a.jpg/${generation}.jpg`, `small/a.jpg/${generation}.webp`];

  it("have its key", () => {
    const all = renditions.map((rendition) => renditionKey("a.jpg", generation, rendition));
    expect([...new Set(all)]).to.deep.equal(keys);
  });

  it("are named once in a manifest", () => {
    expect(keysOf("a.jpg", manifestOf(generation, "jpeg", [...renditions])).renditions).to.deep.equal(keys);
  });
});

describe("messages", () => {
  it("order sequencers of different lengths as S3 does", () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    const ordered = ["0055AED6DCD90281E5", "0055AED6DCD90281E6", "0055AED6DCD9028200A1", "0055AED6DCD90283"];
    expect(ordered.map(padSequencer).sort()).to.deep.equal(ordered.map(padSequencer));
    expect(padSequencer("00ab")).to.equal(padSequencer("00AB00"));
  });

  it("of S3 may carry several uploads, and other events among them", () => {
    const record = (key: string, eventName: string) => ({
      eventName,
      eventTime: "2030-01-01T00:00:00.000Z",
      s3: { object: { key, versionId: "v", sequencer: "0A" } },
    });
    const Records = [record("images/a", "ObjectCreated:Put"), record("images/b", "ObjectRemoved:Delete")];
    const notice = parseS3Notice({ Records: [...Records, record("images/c", "ObjectCreated:Copy")] });
    expect(notice.kind === "uploads" && notice.uploads.map(({ key }) => key)).to.deep.equal(["images/a", "images/c"]);
  });

  for (const body of [null, 1, "text", [], {}, { original: "a" }, { original: "", manifest: "m" }]) {
    it(`between functions are refused by what they lack: ${JSON.stringify(body)}`, () => {
      expect(() => parsePutMessage(body)).to.throw(/not a PutResolutionBasedImage message/);
      expect(() => parseDeleteMessage(body)).to.throw(/not a DeleteResolutionBasedImage message/);
    });
  }
});

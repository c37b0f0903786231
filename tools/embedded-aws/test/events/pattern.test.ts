import { expect } from "chai";
import { patternOf } from "../../events/pattern";

const event = {
  source: "service",
  "detail-type": "ready",
  detail: { object: "Photo.jpg", bytes: 5, tags: ["a", "b"], none: null, parts: [{ n: 1 }, { n: 2 }] },
};
const matches = (pattern: object, subject: unknown = event): boolean => patternOf(JSON.stringify(pattern))(subject);

// EventBridge User Guide, "Creating Amazon EventBridge event patterns" and "Comparison operators".
describe("event patterns", () => {
  it("name fields, each with values of which one must be there", () => {
    expect(matches({ source: ["other", "service"] })).to.equal(true);
    expect(matches({ source: ["other"] })).to.equal(false);
    expect(matches({ source: ["service"], detail: { bytes: [6] } })).to.equal(false);
    expect(matches({ detail: { bytes: ["5"] } }), "a number is not a text").to.equal(false);
    expect(matches({ detail: { none: [null] } })).to.equal(true);
    expect(matches({ detail: { missing: { deeper: ["x"] } } })).to.equal(false);
  });

  it("match an array where one of its elements does", () => {
    expect(matches({ detail: { tags: ["b"] } })).to.equal(true);
    expect(matches({ detail: { parts: { n: [2] } } })).to.equal(true);
    expect(matches({ detail: { parts: { n: [3] } } })).to.equal(false);
  });

  it("compare text by its beginning, its end, and without case", () => {
    expect(matches({ detail: { object: [{ prefix: "Ph" }] } })).to.equal(true);
    expect(matches({ detail: { object: [{ suffix: ".png" }] } })).to.equal(false);
    expect(matches({ detail: { object: [{ "equals-ignore-case": "photo.JPG" }] } })).to.equal(true);
  });

  it("compare numbers, refuse values, and ask whether a leaf is there", () => {
    expect(matches({ detail: { bytes: [{ numeric: [">", 4, "<=", 5] }] } })).to.equal(true);
    expect(matches({ detail: { bytes: [{ numeric: [">", 5] }] } })).to.equal(false);
    expect(matches({ source: [{ "anything-but": ["service"] }] })).to.equal(false);
    expect(matches({ source: [{ "anything-but": "other" }] })).to.equal(true);
    expect(matches({ detail: { missing: [{ "anything-but": "x" }] } })).to.equal(false);
    expect(matches({ detail: { bytes: [{ exists: true }], missing: [{ exists: false }] } })).to.equal(true);
    expect(matches({ detail: [{ exists: true }] }), "no leaf").to.equal(false);
  });

  for (const [pattern, message] of [
    ["{", "it is not JSON"],
    ["{}", "it is empty"],
    ['{"a":{}}', 'empty objects are not allowed at "a."'],
    ['{"a":"b"}', '"a." must be an object or an array'],
    ['{"a":[]}', '"a" must not be empty'],
    ['{"a":[["b"]]}', '"a" has an array within an array'],
    ['{"a":[{"exists":1}]}', '"exists" at "a" must be true or false'],
    ['{"a":[{"numeric":["~",1]}]}', '"numeric" at "a" is malformed'],
    ['{"a":[{"prefix":"b","suffix":"c"}]}', 'only one comparison is allowed in each object at "a"'],
    ['{"$or":[{"a":["b"]}]}', "event patterns with $or"],
    ['{"a":[{"cidr":"10.0.0.0/24"}]}', "event patterns with cidr"],
    ['{"a":[{"wildcard":"*"}]}', "event patterns with wildcard"],
    ['{"a":[{"anything-but":{"prefix":"b"}}]}', "event patterns with anything-but"],
    ['{"a":[{"prefix":{"equals-ignore-case":"b"}}]}', "event patterns with prefix"],
  ] as const) {
    it(`refuse ${pattern}`, () => expect(() => patternOf(pattern)).to.throw(message));
  }
});

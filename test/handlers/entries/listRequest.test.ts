import { expect } from "chai";
import { cursorOf, listRequest } from "../../../handlers/entries/listRequest";

const TABLE = "ImageMetadata-1";
const PLACE = "2030-01-01T00:00:00.000Z 0f0c";
const ready = { status: "READY", prefix: "" } as const;
const of = (query: Record<string, string | string[]> | null) =>
  listRequest(
    {
      multiValueQueryStringParameters:
        query && Object.fromEntries(Object.entries(query).map(([name, values]) => [name, [values].flat()])),
    },
    TABLE,
  );

describe("listRequest", () => {
  it("lists what is served, fifty at a time, from the newest", () => {
    const queries: Parameters<typeof of>[0][] = [null, {}, { renditions: "false" }];
    for (const query of queries) {
      expect(of(query)).to.deep.equal({ query: ready, before: undefined, limit: 50, renditions: false });
    }
  });

  it("takes a status, a prefix, a limit, and a wish for renditions", () => {
    expect(of({ status: "FAILED", prefix: "ü ", limit: "100", renditions: "true" })).to.deep.equal({
      query: { status: "FAILED", prefix: "ü " },
      before: undefined,
      limit: 100,
      renditions: true,
    });
  });

  it("takes its own cursor back, with another limit and with renditions too", () => {
    expect(of({ cursor: cursorOf(PLACE, ready, TABLE), limit: "1", renditions: "true" })).to.deep.equal({
      query: ready,
      before: PLACE,
      limit: 1,
      renditions: true,
    });
  });

  const cursor = cursorOf(PLACE, ready, TABLE);
  const badCursor = "cursor must be one that this list answered, with the same status and prefix. Start without it.";
  const statuses = "READY, PROCESSING, FAILED, REJECTED, DELETING";
  const refusals: [string, Record<string, string | string[]>, string][] = [
    ["a status in no list", { status: "DELETED" }, `status must be one of ${statuses}; got "DELETED".`],
    ["an upload's status", { status: "UPLOADED" }, `status must be one of ${statuses}; got "UPLOADED".`],
    ["an empty status", { status: "" }, `status must be one of ${statuses}; got "".`],
    ["two statuses", { status: ["READY", "FAILED"] }, "status is given 2 times. Give it once."],
    [
      "an unknown parameter",
      { pefix: "a" },
      "pefix is unknown; allowed are status, prefix, cursor, limit, renditions.",
    ],
    ["a prefix that begins no name", { prefix: "ü".repeat(101) }, "prefix has 202 bytes; names have at most 200."],
    ...["0", "101", "-1", "1.5", "1e1", "", " 5", "0005"].map((limit): [string, Record<string, string>, string] => [
      `the limit "${limit}"`,
      { limit },
      `limit must be a whole number from 1 to 100; got "${limit}".`,
    ]),
    ...["", "1", "yes", "TRUE"].map((renditions): [string, Record<string, string>, string] => [
      `"${renditions}" for renditions`,
      { renditions },
      `renditions must be true or false; got "${renditions}".`,
    ]),
    ["renditions twice", { renditions: ["true", "false"] }, "renditions is given 2 times. Give it once."],
    ["an empty cursor", { cursor: "" }, badCursor],
    ["a cursor of another status", { cursor, status: "FAILED" }, badCursor],
    ["a cursor of another prefix", { cursor, prefix: "a" }, badCursor],
    ["a cursor of another stack", { cursor: cursorOf(PLACE, ready, "ImageMetadata-2") }, badCursor],
    ["a cursor that was cut", { cursor: cursor.slice(0, -1) }, badCursor],
    ["a cursor with more behind it", { cursor: `${cursor}=` }, badCursor],
    ["a cursor that was changed", { cursor: `${cursor.slice(0, 8)}x${cursor.slice(9)}` }, badCursor],
    [
      "a cursor that was made up",
      { cursor: Buffer.from(`${"0".repeat(32)}${PLACE}`).toString("base64url") },
      badCursor,
    ],
    ["no cursor at all", { cursor: "%" }, badCursor],
  ];
  for (const [title, query, refused] of refusals) {
    it(`refuses ${title}`, () => expect(of(query)).to.deep.equal({ refused }));
  }
});

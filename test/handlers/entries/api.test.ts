import type { Context } from "aws-lambda";
import { expect } from "chai";
import type { InvocationJournal } from "../../../handlers/entries/journal";
import { answerOf } from "../../../handlers/entries/rawImageDeleteProcess";
import { namedError } from "../../../handlers/protocol/errors";
import { apiHandler, nameIn, onName, unknownImage } from "../../../handlers/entries/api";
import type { ApiAnswer } from "../../../handlers/entries/apiEvent";

const context = { awsRequestId: "lambda-request" } as Context;
const event = (object: string | undefined) => ({
  pathParameters: object === undefined ? null : { object },
  requestContext: { requestId: "api-request" },
});

function harness(work: (object: string) => Promise<ApiAnswer>) {
  const calls: unknown[] = [];
  const journal: InvocationJournal = {
    begin: () => calls.push("begin"),
    flush: () => calls.push("flush"),
    finished: () => calls.push("finished"),
    note: () => calls.push("note"),
    failed: (message, error, details) => calls.push({ message, error: String(error), ...details }),
  };
  return { handler: apiHandler(journal, onName(work)), calls };
}

describe("apiHandler", () => {
  it("answers JSON that must not be cached", async () => {
    const { handler, calls } = harness(async (object) => ({ status: 202, body: { object } }));
    expect(await handler(event("a.jpg"), context)).to.deep.equal({
      statusCode: 202,
      headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
      body: '{"object":"a.jpg"}',
    });
    expect(calls).to.deep.equal(["begin", "flush"]);
  });

  it("tells caches of every header that an answer depends on", async () => {
    process.env.ALLOWED_ORIGINS = '["https://a.example"]';
    try {
      const { handler } = harness(async () => ({ status: 302, body: undefined, headers: { vary: "Accept" } }));
      expect((await handler(event("a.jpg"), context)).headers).to.include({ vary: "Accept, Origin" });
    } finally {
      delete process.env.ALLOWED_ORIGINS;
    }
  });

  it("says what to do about an unknown name", async () => {
    const { handler } = harness(async (object) => unknownImage(object));
    const { statusCode, body } = await handler(event("a.jpg"), context);
    expect(statusCode).to.equal(404);
    expect(JSON.parse(body)).to.deep.equal({
      error: {
        code: "NotFound",
        message: 'There is no image "a.jpg". Upload one with PUT /raw/{object}; it takes a moment to appear.',
      },
    });
  });

  it("answers 503 to a DELETE that must be repeated, and passes on any other error", async () => {
    const unfinished = namedError("DeletionUnfinished", "a.jpg: 7000 of 15000 uploads are left");
    const { handler } = harness(answerOf(() => Promise.reject(unfinished)));
    const { statusCode, headers, body } = await handler(event("a.jpg"), context);
    expect([statusCode, headers["retry-after"]]).to.deep.equal([503, "1"]);
    expect(JSON.parse(body)).to.deep.equal({
      error: {
        code: "DeletionUnfinished",
        message:
          "So many uploads of the image wait that only a part is removed yet. Repeat the DELETE. DeletionUnfinished: a.jpg: 7000 of 15000 uploads are left",
      },
    });
    const failing = harness(answerOf(() => Promise.reject(new Error("other"))));
    expect((await failing.handler(event("a.jpg"), context)).statusCode).to.equal(500);
  });

  it("answers 500 with the request's id, and logs the error under it", async () => {
    const { handler, calls } = harness(async () => {
      throw new Error("secret inside");
    });
    const { statusCode, body } = await handler(event("a.jpg"), context);
    expect(statusCode).to.equal(500);
    expect(JSON.parse(body)).to.have.nested.property("error.code", "InternalError");
    expect(body).to.contain("api-request").and.not.contain("secret");
    expect(calls).to.deep.equal([
      "begin",
      { message: "request failed", error: "Error: secret inside", requestId: "api-request", object: "a.jpg" },
      "flush",
    ]);
  });

  it("answers 400 to what can be no name", async () => {
    const { handler } = harness(async () => expect.fail("worked"));
    const encoding = (name: string) =>
      `The image's name in the path, ${name}, is not percent-encoded UTF-8. Encode its bytes.`;
    const length = (bytes: number) =>
      `The image's name in the path has ${bytes} bytes of UTF-8; 1 to 1024 are allowed.`;
    for (const [object, message] of [
      [undefined, length(0)],
      ["", length(0)],
      ["%E0%A4%A", encoding("%E0%A4%A")],
      ["%ff.jpg", encoding("%ff.jpg")],
      ["ü".repeat(513), length(1026)],
    ] as const) {
      const { statusCode, body } = await handler(event(object), context);
      expect(statusCode, String(object)).to.equal(400);
      expect(JSON.parse(body)).to.deep.equal({ error: { code: "BadObjectName", message } });
    }
  });
});

describe("nameIn", () => {
  for (const object of ["a b.jpg", "a+b.jpg", "100%.jpg", 'it\'s "é".jpg', "🐌.jpg", "a/b.jpg"]) {
    it(`is the name behind ${encodeURIComponent(object)}`, () => {
      expect(nameIn(event(encodeURIComponent(object)))).to.deep.equal({ name: object });
    });
  }
});

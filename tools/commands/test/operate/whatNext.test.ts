import { expect } from "chai";
import type { RawRecord } from "../../../../handlers/records";
import type { ImageFacts } from "../../operate/imageFacts";
import { namesIn } from "../../redrive/deadLetters";
import { whatNext } from "../../operate/whatNext";
import { sameService } from "../../support/chosenService";

const record = (change: Partial<RawRecord>): RawRecord => ({
  original: "photo.jpg",
  id: "1",
  epoch: 0,
  status: "READY",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  ...change,
});
const next = (facts: Partial<ImageFacts>, now = 0, service = ""): string[] =>
  whatNext(
    {
      name: "photo.jpg",
      generations: [],
      uploads: [],
      deadLetters: [],
      tries: [],
      queues: [],
      log: [],
      ...facts,
    },
    now,
    service,
  );

describe("the next steps of an image", () => {
  it("are those of its status", () => {
    const queues = [{ name: "PutResolutionBasedImageQueue", waiting: 3, inFlight: 1, deadLetters: 0 }];
    expect(next({ record: record({ status: "PROCESSING" }), queues })).to.deep.equal([
      "Its renditions are made by ResolutionBasedImagePutProcess (PutResolutionBasedImageQueue: 3 waiting, 1 in flight). " +
        "Where the message got lost, the sweep sends it again an hour after the last change of the record.",
    ]);
    expect(next({ record: record({ status: "DELETING" }) })[0]).to.match(/A repeated DELETE finishes it/);
    expect(next({ record: record({ status: "FAILED" }) })).to.deep.equal([
      "The original cannot be decoded: upload it again.",
    ]);
    expect(next({ record: record({ status: "FAILED", givenUp: true }) })[0]).to.match(/moved back makes it READY/);
    expect(next({ record: record({ status: "READY" }) })).to.deep.equal(["Nothing is under way."]);
  });

  it("are those of uploads and dead letters too", () => {
    const upload = { versionId: "v", storedAt: "2026-01-01T00:00:00.000Z", bytes: 1 };
    expect(next({ uploads: [upload] })[0]).to.match(/^An upload waits for RawImagePutProcess/);
    expect(next({ uploads: [upload, upload] })[0]).to.match(/^2 uploads wait/);
    const letter = { queue: "PutRawImageQueue", cause: "UploadMissing", reason: "", poison: false, since: "" };
    expect(next({ deadLetters: [letter] })[0]).to.equal(
      "A dead letter waits in PutRawImageQueue: mend its cause, then `snail redrive --cause UploadMissing --move`.",
    );
    expect(next({ deadLetters: [letter] }, 0, sameService({ stack: "prod" }))[0]).to.match(
      /`snail redrive --cause UploadMissing --move --stack prod`\.$/,
    );
  });
});

describe("the next try of a message that failed", () => {
  const at = "2026-01-01T00:00:00.123Z";
  const failed = { function: "RawImagePutProcess", messageId: "m", at, tries: 3, cause: "SlowDown", lastTry: false };
  const sentences = (facts: Partial<ImageFacts>, seconds: number): string[] =>
    next({ record: record({}), ...facts }, Date.parse(at) + seconds * 1000);

  it("is told with its time until that is over", () => {
    expect(sentences({ tries: [failed] }, 179)).to.deep.equal([
      "RawImagePutProcess tries again between 2026-01-01T00:01:00Z and 2026-01-01T00:03:00Z: try 3 failed (SlowDown).",
    ]);
    expect(sentences({ tries: [failed] }, 180)).to.deep.equal(["Nothing is under way."]);
  });

  it("does not come after the last one, and not where the message is a dead letter", () => {
    expect(sentences({ tries: [{ ...failed, lastTry: true }] }, 1)).to.deep.equal(["Nothing is under way."]);
    const letter = { queue: "PutRawImageQueue", cause: "SlowDown", reason: "", poison: true, since: at };
    expect(sentences({ tries: [failed], deadLetters: [letter] }, 1)).to.have.length(1);
  });
});

describe("the names in a message", () => {
  it("are those of the service's messages and of S3's events", () => {
    expect(namesIn(JSON.stringify({ original: "a.jpg" }))).to.deep.equal(["a.jpg"]);
    const event = { Records: [{ s3: { object: { key: "images/a+%C3%BC.jpg" } } }, {}] };
    expect(namesIn(JSON.stringify(event))).to.deep.equal(["a ü.jpg"]);
    expect(namesIn("no JSON")).to.deep.equal([]);
    expect(namesIn("{}")).to.deep.equal([]);
  });
});

import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { createImageMetadata } from "../../../handlers/aws/imageMetadata";
import type { ImageMetadata } from "../../../handlers/ports";
import { RECORD_ROOM } from "../../../handlers/protocol/recordRoom";
import type { RawRecord } from "../../../handlers/records";
import { type AwsClients, createImageMetadataTable, startAwsClients } from "../../support/emptyAws";

const at = "2026-03-01T12:00:00.000Z";
const spec = { imageType: "large", width: 2016, height: 2016, fit: "inside", format: "jpeg", quality: 80 } as const;
const renditions = [{ imageType: "large", format: "jpeg" as const, bytes: 9, width: 8, height: 6 }];
const born: Partial<RawRecord> = { id: "1", epoch: 0, status: "PROCESSING", createdAt: at, updatedAt: at };

describe("createImageMetadata", () => {
  let aws: AwsClients;
  let client: DynamoDBDocumentClient;
  let metadata: ImageMetadata;

  before(async () => {
    aws = await startAwsClients();
    await createImageMetadataTable(aws.dynamodb);
    const marshallOptions = { removeUndefinedValues: true };
    client = DynamoDBDocumentClient.from(aws.dynamodb, { marshallOptions });
    metadata = createImageMetadata(client, "ImageMetadata");
  });
  after(async () => {
    await aws.close();
  });

  describe("updateRaw", () => {
    it("makes the item that is absent, and returns it as it is read afterwards", async () => {
      const when = [
        { attribute: "epoch", absent: true },
        { attribute: "sequencer", absent: true, below: "05" },
      ] as const;
      const result = await metadata.updateRaw("new.jpg", {
        when: [...when],
        set: { sequencer: "05", expected: [spec], renditions, status: "PROCESSING", updatedAt: at },
        setIfAbsent: { id: "1", epoch: 0, createdAt: at },
        remove: ["reason"],
      });
      const record = { original: "new.jpg", ...born, sequencer: "05", expected: [spec], renditions };
      expect(result).to.deep.equal({ applied: true, record });
      expect(await metadata.readRaw("new.jpg")).to.deep.equal(record);
    });

    it("takes the fullest record that the handlers write, and none of more than 400 KB, as DynamoDB has it", async () => {
      const elements = (bytes: number) => Array.from({ length: bytes / 33 }, (_, i) => String(i).padStart(32, "0"));
      const { superseded, cancelled } = RECORD_ROOM;
      const sets = { superseded: { add: elements(superseded) }, cancelled: { add: elements(cancelled) } };
      expect(await metadata.updateRaw("full.jpg", { when: [], set: born, sets })).to.include({ applied: true });
      const more = { superseded: { add: elements(400_000) } };
      const failure: unknown = await metadata
        .updateRaw("full.jpg", { when: [], sets: more })
        .catch((error: unknown) => error);
      expect(failure).to.have.property("name", "ValidationException");
      expect(String(failure)).to.include("Item size to update has exceeded the maximum allowed size");
    });

    it("sets what is absent only, and removes", async () => {
      await metadata.updateRaw("b.jpg", { when: [], set: { ...born, reason: "why" } });
      const { record } = await metadata.updateRaw("b.jpg", {
        when: [{ attribute: "epoch", oneOf: [0] }],
        set: { epoch: 1 },
        setIfAbsent: { id: "2", bytes: 5 },
        remove: ["reason"],
      });
      expect(record).to.deep.equal({ original: "b.jpg", ...born, epoch: 1, bytes: 5 });
    });

    it("changes nothing when a condition fails, and returns the item that failed it", async () => {
      const before = { ...born, bytes: 5, expected: [spec] };
      await metadata.updateRaw("c.jpg", { when: [], set: before, sets: { superseded: { add: ["g2", "g1"] } } });
      const stored = { original: "c.jpg", ...before, superseded: ["g1", "g2"] };
      for (const failing of [
        { attribute: "epoch", absent: true },
        { attribute: "epoch", oneOf: [1, 2] },
        { attribute: "epoch", below: 0 },
        { attribute: "status", absent: true, oneOf: ["READY", "FAILED"] },
      ] as const) {
        const result = await metadata.updateRaw("c.jpg", {
          when: [{ attribute: "id", oneOf: ["1"] }, failing as never],
          set: { status: "READY" },
        });
        expect(result, JSON.stringify(failing)).to.deep.equal({ applied: false, record: stored });
      }
      expect(await metadata.readRaw("c.jpg")).to.deep.equal(stored);
    });

    it("says that there was no item", async () => {
      const result = await metadata.updateRaw("none.jpg", {
        when: [{ attribute: "id", oneOf: ["1"] }],
        set: { status: "READY" },
      });
      expect(result).to.deep.equal({ applied: false, record: undefined });
      expect(await metadata.readRaw("none.jpg")).to.be.undefined;
    });

    it("compares text byte by byte", async () => {
      await metadata.updateRaw("d.jpg", { when: [], set: { ...born, sequencer: "0A00" } });
      const newer = async (sequencer: string) =>
        (await metadata.updateRaw("d.jpg", { when: [{ attribute: "sequencer", below: sequencer }], set: { epoch: 1 } }))
          .applied;
      expect(await newer("0A00")).to.be.false;
      expect(await newer("0900")).to.be.false;
      expect(await newer("0A01")).to.be.true;
    });

    it("adds to and takes from the set of superseded generations; an empty set is absent", async () => {
      await metadata.updateRaw("e.jpg", { when: [], set: born, sets: { superseded: { add: ["g1"] } } });
      await metadata.updateRaw("e.jpg", { when: [], set: {}, sets: { superseded: { add: ["g2", "g1"] } } });
      expect((await metadata.readRaw("e.jpg"))?.superseded).to.deep.equal(["g1", "g2"]);
      const remove = { when: [], sets: { superseded: { remove: ["g1", "never there"] } } };
      expect((await metadata.updateRaw("e.jpg", remove)).record?.superseded).to.deep.equal(["g2"]);
      const last = await metadata.updateRaw("e.jpg", { when: [], sets: { superseded: { remove: ["g2"] } } });
      expect(last.record).to.not.have.property("superseded");
      const absent = { attribute: "superseded", absent: true } as const;
      expect((await metadata.updateRaw("e.jpg", { when: [absent], set: { epoch: 1 } })).applied).to.be.true;
    });

    it("passes other errors on", async () => {
      const elsewhere = createImageMetadata(client, "NoSuchTable");
      const failure = await elsewhere.updateRaw("a.jpg", { when: [], set: born }).catch((error: unknown) => error);
      expect(failure).to.have.property("name", "ResourceNotFoundException");
    });
  });
});

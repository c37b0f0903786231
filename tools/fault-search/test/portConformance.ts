import { expect } from "chai";
import type { UserMetadata } from "../../../handlers/ports";
import type { SimulatedPorts } from "../world/simulatedPorts";

/** Ports on fresh stores, and the two things that only clients and queues do. */
export interface PortsUnderTest {
  ports: Pick<SimulatedPorts, "temp" | "images" | "metadata" | "putQueue" | "deleteQueue">;
  /** Stores an upload as S3 does and returns its version id and the event's sequencer. */
  upload(key: string, body: Uint8Array, userMetadata?: UserMetadata): Promise<{ versionId: string; sequencer: string }>;
  /** Some of the messages that wait in a queue, parsed; each is told once. */
  sent(queue: "putQueue" | "deleteQueue"): Promise<unknown[]>;
  close(): Promise<void>;
}

const at = "2030-01-01T00:00:00.000Z";
const text = (body: Uint8Array | undefined) => body && Buffer.from(body).toString();

/** How the handlers' ports behave, wherever they are: the simulation must not be kinder than the service. */
export function describePorts(where: string, open: () => Promise<PortsUnderTest>): void {
  describe(`the handlers' ports on ${where}`, () => {
    let world: PortsUnderTest;
    before(async () => (world = await open()));
    after(async () => world.close());

    describe("temp", () => {
      it("keeps every version of an upload, and tells them apart by key", async () => {
        const { temp } = world.ports;
        const key = "images/ä ö+%2B?&#'\"🐌.jpg";
        const first = await world.upload(key, Buffer.from("one"));
        const second = await world.upload(key, Buffer.from("two!"));
        await world.upload(`${key}.png`, Buffer.from("other"));
        const listed = await temp.versions(key);
        expect(listed.map(({ versionId }) => versionId)).to.deep.equal([second.versionId, first.versionId]);
        expect(await temp.versions(key, 1)).to.deep.equal(listed.slice(0, 1));
        const read = await temp.read(key, second.versionId);
        expect(read?.storedAt, "the time that the list tells").to.equal(listed[0]?.storedAt);
        expect(read?.storedAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
        expect(text((await temp.read(key, first.versionId))?.start)).to.equal("one");
        expect(text(read?.start)).to.equal("two!");
        expect(read?.bytes).to.equal(4);
      });

      it("keeps the user metadata of each version", async () => {
        const { temp } = world.ports;
        const told = await world.upload("images/told.jpg", Buffer.from("1"), { metadata: "e30", focus: "e30" });
        const silent = await world.upload("images/told.jpg", Buffer.from("2"));
        const read = async (id: string) => (await temp.read("images/told.jpg", id))?.userMetadata;
        expect(await read(told.versionId)).to.deep.equal({ metadata: "e30", focus: "e30" });
        expect(await read(silent.versionId)).to.deep.equal({});
      });

      it("reads the start of a long upload, and any part of it while it is there", async () => {
        const { temp } = world.ports;
        const body = Buffer.from("0123456789".repeat(20_000));
        const { versionId } = await world.upload("images/long.jpg", body);
        const upload = await temp.read("images/long.jpg", versionId);
        expect(upload?.bytes).to.equal(200_000);
        expect(upload?.start.byteLength).to.be.within(1, 199_999);
        expect(body.indexOf(upload?.start ?? "none")).to.equal(0);
        expect(text(await upload?.read(199_995, 200_000))).to.equal("56789");
        await temp.delete("images/long.jpg", versionId);
        expect(await upload?.read(0, 1)).to.equal(undefined);
      });

      it("tells the entity tag of an upload's bytes, and reads an empty one", async () => {
        const { temp } = world.ports;
        const tags: (string | undefined)[] = [];
        for (const body of ["", "one", "two", "one"]) {
          const { versionId } = await world.upload("images/tagged.jpg", Buffer.from(body));
          const upload = await temp.read("images/tagged.jpg", versionId);
          expect(text(upload?.start)).to.equal(body);
          expect(upload?.bytes).to.equal(body.length);
          tags.push(upload?.etag);
        }
        expect(new Set(tags)).to.have.length(3).and.not.include(undefined);
        expect(tags[1]).to.equal(tags[3]);
      });

      it("deletes one version for good, and again without an error", async () => {
        const { temp } = world.ports;
        const kept = await world.upload("images/deleted.jpg", Buffer.from("kept"));
        const gone = await world.upload("images/deleted.jpg", Buffer.from("gone"));
        await temp.delete("images/deleted.jpg", gone.versionId);
        await temp.delete("images/deleted.jpg", gone.versionId);
        const left = await temp.versions("images/deleted.jpg");
        expect(left.map(({ versionId }) => versionId)).to.deep.equal([kept.versionId]);
        expect(await temp.read("images/deleted.jpg", gone.versionId)).to.equal(undefined);
      });

      it("deletes any number of versions, and those of no other key", async () => {
        const { temp } = world.ports;
        const versions: string[] = [];
        for (const body of ["1", "2", "3"]) {
          versions.push((await world.upload("images/many.jpg", Buffer.from(body))).versionId);
        }
        const other = await world.upload("images/many.jpg.jpg", Buffer.from("x"));
        await temp.delete("images/many.jpg");
        expect(await temp.versions("images/many.jpg")).to.have.length(3);
        await temp.delete("images/many.jpg", ...versions, other.versionId);
        expect(await temp.versions("images/many.jpg")).to.deep.equal([]);
        const left = await temp.versions("images/many.jpg.jpg");
        expect(left.map(({ versionId }) => versionId)).to.deep.equal([other.versionId]);
      });

      it("knows nothing of a key that was never uploaded", async () => {
        expect(await world.ports.temp.versions("images/never.jpg")).to.deep.equal([]);
        const { versionId } = await world.upload("images/another.jpg", Buffer.from("x"));
        expect(await world.ports.temp.read("images/never.jpg", versionId)).to.equal(undefined);
      });

      it("gives later uploads of a key greater sequencers, once these are padded", async () => {
        const padded: string[] = [];
        for (let i = 0; i < 7; i++) {
          const { sequencer } = await world.upload("images/ordered.jpg", Buffer.from(String(i)));
          padded.push(sequencer.toUpperCase().padEnd(32, "0"));
        }
        expect(padded).to.deep.equal([...new Set(padded)].sort());
      });
    });

    describe("images", () => {
      it("creates an object once: a second one changes nothing", async () => {
        const { images } = world.ports;
        await images.create("raw/a b.jpg/1.jpg", Buffer.from("first"), "jpeg");
        await images.create("raw/a b.jpg/1.jpg", Buffer.from("second"), "jpeg");
        expect(text(await images.read("raw/a b.jpg/1.jpg"))).to.equal("first");
      });

      it("copies the version that was read, though there is a newer one, and once", async () => {
        const { temp, images } = world.ports;
        const key = "images/ä ö+%2B?&#'\"🐌.jpg";
        const [first, second] = [await world.upload(key, Buffer.from("1")), await world.upload(key, Buffer.from("2"))];
        const sources: string[] = [];
        for (const { versionId } of [first, second]) sources.push((await temp.read(key, versionId))?.source ?? "");
        for (const source of sources) expect(await images.copy(source, "raw/copy ä+.jpg/1.jpg", "jpeg")).to.equal(true);
        expect(text(await images.read("raw/copy ä+.jpg/1.jpg"))).to.equal("1");
      });

      it("says so where the upload to copy is gone", async () => {
        const { temp, images } = world.ports;
        const { versionId } = await world.upload("images/gone.jpg", Buffer.from("1"));
        const upload = await temp.read("images/gone.jpg", versionId);
        await temp.delete("images/gone.jpg", versionId);
        expect(await images.copy(upload?.source ?? "", "raw/gone.jpg/1.jpg", "jpeg")).to.equal(false);
        expect(await images.read("raw/gone.jpg/1.jpg")).to.equal(undefined);
      });

      it("lists the keys with a prefix, in order, and no others", async () => {
        const { images } = world.ports;
        for (const key of ["raw/l.jpg/b.jpg", "raw/l.jpg/a+ü.jpg", "raw/l.jpgx/c.jpg"]) {
          await images.create(key, Buffer.from("x"), "jpeg");
        }
        expect(await images.list("raw/l.jpg/")).to.deep.equal(["raw/l.jpg/a+ü.jpg", "raw/l.jpg/b.jpg"]);
        expect(await images.list("raw/none")).to.deep.equal([]);
      });

      it("deletes an object, and again without an error; then a create succeeds", async () => {
        const { images } = world.ports;
        await images.create("raw/d.jpg/1.jpg", Buffer.from("x"), "jpeg");
        await images.delete("raw/d.jpg/1.jpg");
        await images.delete("raw/d.jpg/1.jpg");
        expect(await images.read("raw/d.jpg/1.jpg")).to.equal(undefined);
        await images.create("raw/d.jpg/1.jpg", Buffer.from("again"), "jpeg");
        expect(text(await images.read("raw/d.jpg/1.jpg"))).to.equal("again");
      });
    });

    describe("metadata", () => {
      const born = { id: "1", epoch: 0, createdAt: at };
      const set = { status: "PROCESSING", updatedAt: at } as const;

      it("makes a record with its first update, and reads it back", async () => {
        const { metadata } = world.ports;
        expect(await metadata.readRaw("new ä.jpg")).to.equal(undefined);
        const result = await metadata.updateRaw("new ä.jpg", { when: [], set, setIfAbsent: born });
        const record = { original: "new ä.jpg", ...born, ...set };
        expect(result).to.deep.equal({ applied: true, record });
        expect(await metadata.readRaw("new ä.jpg")).to.deep.equal(record);
      });

      it("keeps the renditions in their order", async () => {
        const { metadata } = world.ports;
        const renditions = ["small", "large"].map((imageType) => {
          return { imageType, format: "webp" as const, bytes: 5, width: 2, height: 1 };
        });
        await metadata.updateRaw("list.jpg", { when: [], set: { ...set, renditions }, setIfAbsent: born });
        expect((await metadata.readRaw("list.jpg"))?.renditions).to.deep.equal(renditions);
      });

      it("leaves what is there where a value is only for its absence, and leaves undefined out", async () => {
        const { metadata } = world.ports;
        await metadata.updateRaw("kept.jpg", { when: [], set, setIfAbsent: born });
        const change = { set: { ...set, reason: undefined }, setIfAbsent: { ...born, id: "2", epoch: 7 } };
        const { record } = await metadata.updateRaw("kept.jpg", { when: [], ...change });
        expect(record).to.deep.equal({ original: "kept.jpg", ...born, ...set });
      });

      const conditions = [
        { title: "absent, and it is", when: { attribute: "reason", absent: true }, applies: true },
        { title: "absent, and it is not", when: { attribute: "id", absent: true }, applies: false },
        { title: "one of several, and it is", when: { attribute: "id", oneOf: ["0", "1"] }, applies: true },
        { title: "one of several, and it is not", when: { attribute: "id", oneOf: ["0"] }, applies: false },
        { title: "one of several, but absent", when: { attribute: "reason", oneOf: ["x"] }, applies: false },
        { title: "below, and it is", when: { attribute: "sequencer", below: "00B" }, applies: true },
        { title: "below, and it is the same", when: { attribute: "sequencer", below: "00A" }, applies: false },
        { title: "below, but absent", when: { attribute: "rejectedSequencer", below: "00B" }, applies: false },
        {
          title: "absent or below, and absent",
          when: { attribute: "rejectedSequencer", absent: true, below: "00B" },
          applies: true,
        },
        { title: "a number, the same", when: { attribute: "epoch", oneOf: [0] }, applies: true },
        { title: "a number, another", when: { attribute: "epoch", absent: true, oneOf: [1] }, applies: false },
      ] as const;
      conditions.forEach(({ title, when, applies }, index) => {
        it(`${applies ? "applies" : "refuses"} an update on condition: ${title}`, async () => {
          const { metadata } = world.ports;
          const name = `condition${index}.jpg`;
          await metadata.updateRaw(name, { when: [], set: { ...set, sequencer: "00A" }, setIfAbsent: born });
          const before = await metadata.readRaw(name);
          // Readonly because of `as const`; the ports only read it.
          const condition = structuredClone(when) as unknown as Parameters<
            typeof metadata.updateRaw
          >[1]["when"][number];
          const result = await metadata.updateRaw(name, { when: [condition], set: { updatedAt: "later" } });
          expect(result.applied).to.equal(applies);
          expect(result.record).to.deep.equal(applies ? { ...before, updatedAt: "later" } : before);
        });
      });

      it("refuses a conditional update of an item that is not there, and makes none", async () => {
        const { metadata } = world.ports;
        const when = [{ attribute: "id" as const, oneOf: ["1"] }];
        expect(await metadata.updateRaw("unknown.jpg", { when, set })).to.deep.equal({
          applied: false,
          record: undefined,
        });
        expect(await metadata.readRaw("unknown.jpg")).to.equal(undefined);
      });

      it("changes nothing unless all conditions hold", async () => {
        const { metadata } = world.ports;
        await metadata.updateRaw("all.jpg", { when: [], set, setIfAbsent: born });
        const when = [
          { attribute: "id" as const, oneOf: ["1"] },
          { attribute: "epoch" as const, oneOf: [9] },
        ];
        const update = {
          when,
          set: { reason: "x" },
          remove: ["status" as const],
          sets: { superseded: { add: ["g"] } },
        };
        expect((await metadata.updateRaw("all.jpg", update)).applied).to.equal(false);
        expect(await metadata.readRaw("all.jpg")).to.deep.equal({ original: "all.jpg", ...born, ...set });
      });

      it("removes attributes, and does not mind those that are absent", async () => {
        const { metadata } = world.ports;
        await metadata.updateRaw("less.jpg", { when: [], set: { ...set, reason: "x" }, setIfAbsent: born });
        const { record } = await metadata.updateRaw("less.jpg", { when: [], remove: ["reason", "deletedAt"] });
        expect(record).to.deep.equal({ original: "less.jpg", ...born, ...set });
      });

      for (const attribute of ["superseded", "cancelled"] as const) {
        it(`keeps ${attribute} as a set that goes with its last element`, async () => {
          const { metadata } = world.ports;
          const name = `${attribute}.jpg`;
          await metadata.updateRaw(name, {
            when: [],
            set,
            setIfAbsent: born,
            sets: { [attribute]: { add: ["b", "a"] } },
          });
          const { record } = await metadata.updateRaw(name, { when: [], sets: { [attribute]: { add: ["c", "a"] } } });
          expect(record?.[attribute]).to.deep.equal(["a", "b", "c"]);
          await metadata.updateRaw(name, { when: [], sets: { [attribute]: { remove: ["b", "never there"] } } });
          expect((await metadata.readRaw(name))?.[attribute]).to.deep.equal(["a", "c"]);
          await metadata.updateRaw(name, { when: [{ attribute, absent: true }], set: { reason: "unseen" } });
          await metadata.updateRaw(name, { when: [], sets: { [attribute]: { remove: ["a", "c"], add: [] } } });
          expect(await metadata.readRaw(name)).to.deep.equal({ original: name, ...born, ...set });
        });
      }

      it("refuses an update that names one attribute twice", async () => {
        const { metadata } = world.ports;
        const update = { when: [], set: { reason: "x" }, remove: ["reason" as const] };
        const outcome = await metadata.updateRaw("twice.jpg", update).then(
          () => "applied",
          (error: unknown) => String(error),
        );
        expect(outcome).to.match(/ValidationException|overlap/i);
      });
    });

    describe("queues", () => {
      it("deliver what was sent, letter by letter", async () => {
        const message = { original: "ä \"'+%🐌.jpg", manifest: "g.jpg large.webp" };
        await world.ports.deleteQueue.send(message);
        await world.ports.putQueue.send({ ...message, uploadedAt: at });
        expect(await world.sent("deleteQueue")).to.deep.equal([message]);
        expect(await world.sent("putQueue")).to.deep.equal([{ ...message, uploadedAt: at }]);
      });

      it("take any number of messages at once, and none", async () => {
        const messages = Array.from({ length: 23 }, (_, i) => ({ original: "a.jpg", manifest: `${i}.jpg` }));
        await world.ports.deleteQueue.send();
        await world.ports.deleteQueue.send(...messages);
        const sent: unknown[] = [];
        while (sent.length < messages.length) sent.push(...(await world.sent("deleteQueue")));
        expect(sent).to.have.deep.members(messages);
      });
    });
  });
}

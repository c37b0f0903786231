import { expect } from "chai";
import fc from "fast-check";
import type { NameIndex } from "../../../handlers/ports";
import { listedUnder } from "../../../handlers/protocol/listing";
import { rawImageListProcess } from "../../../handlers/protocol/rawImageListProcess";
import type { ListedRecord, ListedStatus } from "../../../handlers/records";

/** An index in memory, whose pages may be shorter than asked, as DynamoDB's may. */
function indexOf(entries: Map<string, ListedRecord>, longest = Infinity) {
  const calls: number[] = [];
  const index: NameIndex = {
    newest(statusShard, before, most) {
      calls.push(most);
      const rest = [...entries.values()]
        .filter((entry) => entry.statusShard === statusShard)
        .filter(({ listPosition }) => before === undefined || listPosition < before)
        .sort((one, other) => (one.listPosition < other.listPosition ? 1 : -1));
      const page = rest.slice(0, Math.min(most, longest));
      return Promise.resolve({
        entries: page,
        ...(rest.length > page.length && { next: page.at(-1)!.listPosition }),
      });
    },
  };
  return { index, calls };
}

function entry(original: string, second: number, more: Partial<ListedRecord> = {}): ListedRecord {
  const createdAt = new Date(second * 1000).toISOString();
  const record = { original, id: original, status: "READY" as const, createdAt, updatedAt: createdAt, ...more };
  return { ...record, listPosition: `${createdAt} ${original}`, ...listedUnder(original, record) };
}

const names = (count: number, prefix = "") => Array.from({ length: count }, (_, i) => `${prefix}${i}.jpg`);
const entriesOf = (list: ListedRecord[]) => new Map(list.map((one) => [one.original, one]));

describe("rawImageListProcess", () => {
  it("tells an image as GET does, but for its renditions", async () => {
    const live = { generation: "old", format: "jpeg" as const, bytes: 1, width: 2, height: 3 };
    const told = entry("a.jpg", 1, { status: "FAILED", reason: "Damaged.", live, generation: "new", metadata: "{}" });
    const { images } = await rawImageListProcess(indexOf(entriesOf([told])))(
      { status: "READY", prefix: "" },
      undefined,
      9,
    );
    expect(images).to.deep.equal([
      {
        object: "a.jpg",
        id: "a.jpg",
        status: "READY",
        ...live,
        pending: { status: "FAILED", reason: "Damaged.", generation: "new", metadata: {}, uploadedAt: undefined },
        createdAt: "1970-01-01T00:00:01.000Z",
        updatedAt: "1970-01-01T00:00:01.000Z",
      },
    ]);
  });

  it("has one page, without a next one, where all fit into it", async () => {
    const entries = entriesOf(names(16).map((name, i) => entry(name, i)));
    const page = await rawImageListProcess(indexOf(entries))({ status: "READY", prefix: "" }, undefined, 16);
    expect(page.images.map(({ object }) => object)).to.deep.equal(names(16).reverse());
    expect(page).not.to.have.property("next");
  });

  it("reads a page of a large list in one round for most shards", async () => {
    const entries = entriesOf(names(2_000).map((name, i) => entry(name, i)));
    const { index, calls } = indexOf(entries);
    const page = await rawImageListProcess({ index })({ status: "READY", prefix: "" }, undefined, 50);
    expect(page.images).to.have.length(50);
    expect(calls.length).to.be.within(8, 10);
    expect(calls.reduce((sum, count) => sum + count)).to.be.below(150);
  });

  it("ends a page of rare names early, and goes on from there", async () => {
    const rare = names(3, "rare-");
    const all = [...names(3_000), ...rare];
    const entries = entriesOf(all.map((name, i) => entry(name, (i * 7_919) % all.length)));
    const { index, calls } = indexOf(entries);
    const list = rawImageListProcess({ index });
    const found: string[] = [];
    let next: string | undefined;
    let pages = 0;
    do {
      calls.length = 0;
      const page = await list({ status: "READY", prefix: "rare-" }, next, 50);
      expect(calls.reduce((sum, count) => sum + count)).to.be.below(3_000);
      found.push(...page.images.map(({ object }) => object));
      pages += 1;
      next = page.next;
    } while (next !== undefined);
    expect(found.sort()).to.deep.equal(rare);
    expect(pages).to.be.within(2, 6);
  });

  it("lists an image that keeps its status exactly once, whatever is written between pages", async () => {
    const statuses: ListedStatus[] = ["READY", "PROCESSING", "FAILED", "REJECTED", "DELETING"];
    const change = fc.record({
      name: fc.integer({ min: 0, max: 39 }),
      status: fc.constantFrom(...statuses, "none" as const),
    });
    const property = fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 40, maxLength: 40 }),
      fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 15 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom("", "1", "2"),
      async (seconds, writes, limit, longest, prefix) => {
        const made = (name: string, i: number) => entry(name, seconds[i] ?? 0);
        const entries = entriesOf(names(40).map(made));
        const changed = new Set(writes.flat().map(({ name }) => `${name}.jpg`));
        const list = rawImageListProcess(indexOf(entries, longest));
        const seen: string[] = [];
        let next: string | undefined;
        let last = "~";
        for (let turn = 0; ; turn++) {
          const page = await list({ status: "READY", prefix }, next, limit);
          expect(page.images.length).to.be.at.most(limit);
          for (const { object, id, createdAt } of page.images) {
            const place = `${createdAt} ${id}`;
            expect(place < last, "newest first").to.equal(true);
            last = place;
            seen.push(object);
          }
          next = page.next;
          if (next === undefined) break;
          for (const { name, status } of writes[turn] ?? []) {
            const original = `${name}.jpg`;
            if (status === "none") entries.delete(original);
            else entries.set(original, { ...made(original, name), status, ...listedUnder(original, { status }) });
          }
        }
        expect(seen.length, "twice").to.equal(new Set(seen).size);
        const kept = names(40).filter((name) => !changed.has(name) && name.startsWith(prefix));
        expect(seen).to.include.members(kept);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

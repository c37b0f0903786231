import { expect } from "chai";
import { isUnlisted, listedUnder, statusShards } from "../../../handlers/protocol/listing";
import type { Status } from "../../../handlers/records";
import { inMemory, ready, type HandlersInMemory } from "./handlersInMemory";

const listOf = (on: HandlersInMemory) => on.record()?.statusShard?.split("#")[0];
const render = (on: HandlersInMemory) => on.render(on.taken("PutResolutionBasedImageQueue")[0]);

describe("the lists of names", () => {
  it("have a name under the status that GET tells, always in the same place", async () => {
    const on = inMemory();
    const seen: [string | undefined, string | undefined][] = [];
    const places = new Set<string | undefined>();
    const note = () => {
      seen.push([on.record()?.status, listOf(on)]);
      places.add(on.record()?.listPosition);
    };
    await on.put(on.upload("bad", "1"));
    note();
    on.pass(1_000);
    await on.put(on.upload("good", "2"));
    note();
    await render(on);
    note();
    await on.put(on.upload("good", "3"));
    note();
    await render(on);
    note();
    await on.put(on.upload("hollow", "4"));
    note();
    await render(on);
    note();
    await on.remove("a.jpg");
    note();
    for (const message of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(message);
    note();
    on.pass(1_000);
    await on.put(on.upload("hollow", "5"));
    note();
    await render(on);
    note();
    expect(seen).to.deep.equal([
      ["REJECTED", "REJECTED"],
      ["PROCESSING", "PROCESSING"],
      ["READY", "READY"],
      ["PROCESSING", "READY"],
      ["READY", "READY"],
      ["PROCESSING", "READY"],
      ["FAILED", "READY"],
      ["DELETING", "DELETING"],
      ["DELETED", undefined],
      ["PROCESSING", "PROCESSING"],
      ["FAILED", "FAILED"],
    ]);
    const { createdAt, id } = on.record()!;
    expect([...places]).to.deep.equal([`${createdAt} ${id}`]);
  });

  it("have an image that was given up beside the one that is served under READY", async () => {
    const on = inMemory();
    await ready(on);
    await on.put(on.upload("good", "2"));
    on.before("images.create", () => {
      throw new Error("the run dies");
    });
    await on.render(on.taken("PutResolutionBasedImageQueue")[0], true).catch(() => undefined);
    expect([on.record()?.status, listOf(on)]).to.deep.equal(["FAILED", "READY"]);
  });

  it("have no name that a DELETE found nothing of", async () => {
    const on = inMemory();
    await on.put(on.upload("bad"));
    await on.remove("a.jpg");
    expect(on.record()).to.include({ status: "DELETED" }).and.not.have.property("statusShard");
  });

  it("keep the place of a record of the first releases that is uploaded again", async () => {
    const on = inMemory();
    await ready(on);
    const { id, createdAt } = on.record()!;
    on.stores.metadata.updateRaw("a.jpg", { when: [], remove: ["statusShard", "listPosition"] });
    on.pass(1_000);
    await on.put(on.upload("good", "2"));
    expect(on.record()).to.include({ id, createdAt, listPosition: `${createdAt} ${id}` });
    expect(isUnlisted(on.record()!)).to.equal(false);
  });

  it("spread the names of each status evenly over its shards, a name over the same ones", () => {
    const names = Array.from({ length: 4_000 }, (_, i) => `IMG_${i}.jpg`);
    const shards = statusShards("READY");
    const counts = shards.map((shard) =>
      names.filter((name) => listedUnder(name, { status: "READY" }).statusShard === shard),
    );
    expect(counts.map(({ length }) => length).every((count) => count > 400 && count < 600)).to.equal(true);
    const shardOf = (name: string, status: Status) => listedUnder(name, { status }).statusShard?.split("#")[1];
    for (const name of names.slice(0, 10)) expect(shardOf(name, "FAILED")).to.equal(shardOf(name, "READY"));
  });
});

import { expect } from "chai";
import { runClient, type Step } from "../world/clients";
import { seededChoices } from "../search/choices";
import { noFaults } from "../search/faultModel";
import { handlers as deployed, type Handlers } from "../world/deployedHandlers";
import { mutants } from "../mutants";
import { atPorts } from "../mutants/atPorts";
import { checkAtRest, conclude, live } from "../search/runSchedule";
import { invariants, type Invariant } from "../oracle/invariants";
import { allOf, keysOf, manifestFor } from "../../../handlers/protocol/generation";
import type { UploadKind } from "../world/simulatedImages";
import { World } from "../world/world";
import type { ImageEvents, RawUpdate } from "../../../handlers/ports";
import type { UploadDetails } from "../../../handlers/protocol/uploadDetails";
import type { ImageEvent } from "../../../handlers/records";

const name = "a.jpg";
const put = (tag: string, upload: UploadKind = "good", details?: UploadDetails): Step => ({
  kind: "put",
  name,
  upload,
  tag,
  details,
});
const remove: Step = { kind: "delete", name };

const newWorld = (handlers: Handlers = deployed, announces = false) =>
  new World({
    handlers,
    announces,
    choices: seededChoices(0, ""),
    batch: 1,
    faults: noFaults,
    strategy: () => 0,
  });

/** A world in which one client did this and everything came to rest. */
async function rested(steps: Step[], handlers?: Handlers): Promise<World> {
  const world = newWorld(handlers);
  await runAll(world, steps);
  return world;
}

/** A world whose states are announced, by a function that is changed. */
async function announced(change: (announce: Announce) => Announce): Promise<World> {
  const { imageEventProcess } = deployed;
  const handlers: Handlers = {
    ...deployed,
    imageEventProcess: (ports) => (changes) =>
      imageEventProcess({
        ...ports,
        events: { put: (...events) => change((due) => ports.events.put(...due))(events) },
      })(changes),
  };
  const world = newWorld(handlers, true);
  for (const step of [put("1"), put("2", "bad"), remove]) await runAll(world, [step]);
  return world;
}
type Announce = (events: ImageEvent[]) => ReturnType<ImageEvents["put"]>;

/** A READY image whose successor failed. */
async function failedSuccessor(handlers?: Handlers): Promise<World> {
  const world = await rested([put("1")], handlers);
  await runAll(world, [put("2", "hollow")]);
  return world;
}

async function runAll(world: World, steps: Step[]): Promise<void> {
  runClient(world, steps).catch((error: unknown) => world.fail(error as Error));
  await world.drain();
}

/** Carries out one effect as some function would. */
async function effect(
  world: World,
  functionName: "RawImagePutProcess",
  call: string,
  about: unknown[],
  does: () => void,
) {
  const actor = world.newActor(functionName);
  world
    .performFor(actor)(call, about, does)
    .catch(() => undefined);
  await world.drain();
}

const update = (world: World, change: Omit<RawUpdate, "when">) =>
  effect(world, "RawImagePutProcess", "metadata.updateRaw", [name, change], () =>
    world.stores.metadata.updateRaw(name, { when: [], ...change }),
  );

/** A message fails every time, under a driver with a mistake. */
async function failing(mutant: string): Promise<void> {
  const world = newWorld(mutants.find((candidate) => candidate.name === mutant)!.load(() => undefined));
  world.send("PutRawImageQueue", "not JSON");
  await world.drain();
}

/** Each invariant, broken on purpose. */
const breaches: { invariant: Invariant; title: string; breach: () => Promise<World> | Promise<void> }[] = [
  {
    invariant: "I1",
    title: "an image that stays PROCESSING",
    breach: async () => {
      const world = await rested([put("1")]);
      world.stores.metadata.updateRaw(name, { when: [], set: { status: "PROCESSING" } });
      return world;
    },
  },
  {
    invariant: "I1",
    title: "a rejected upload that left no trace",
    breach: async () => {
      const world = await rested([put("1", "bad")]);
      world.stores.metadata.updateRaw(name, { when: [], set: { status: "DELETED" } });
      return world;
    },
  },
  {
    invariant: "I2",
    title: "a name that stays DELETING",
    breach: async () => {
      const world = await rested([put("1"), remove]);
      world.stores.metadata.updateRaw(name, { when: [], set: { status: "DELETING" } });
      return world;
    },
  },
  {
    invariant: "JUDGED",
    title: "a superseded generation that is back",
    breach: async () => {
      const world = await rested([put("1", "hollow")]);
      const { generation } = world.stores.metadata.raw(name) ?? {};
      await runAll(world, [put("2", "hollow")]);
      const set = { status: "PROCESSING" as const, statusShard: "PROCESSING#0", generation };
      await update(world, { set, remove: ["reason"] });
    },
  },
  {
    invariant: "JUDGED",
    title: "an upload that is rejected twice",
    breach: async () => {
      const world = await rested([put("1", "bad")]);
      const { rejectedSequencer } = world.stores.metadata.raw(name) ?? {};
      await update(world, { set: { rejectedSequencer: `${rejectedSequencer}0` } }); // of the same upload
    },
  },
  {
    invariant: "I2",
    title: "a deleted generation that is back",
    breach: async () => {
      const world = await rested([put("1")]);
      const { generation } = world.stores.metadata.raw(name) ?? {};
      await runAll(world, [remove]);
      const set = { status: "PROCESSING" as const, statusShard: "PROCESSING#0", generation, expected: [] };
      await update(world, { set, remove: ["deletedAt", "expiresAt"] });
    },
  },
  {
    invariant: "I2",
    title: "a DELETE that calls a waiting upload unknown",
    breach: async () => {
      const lying = { ...deployed, rawImageDeleteProcess: () => () => Promise.resolve(undefined) };
      await rested([put("1"), remove], lying);
    },
  },
  {
    invariant: "I3",
    title: "an upload that a later one overruled",
    breach: async () => {
      const world = await rested([put("1")]);
      const [first] = world.history.operations;
      const upload = { ...first!.upload!, versionId: "v9", contentHash: "0".repeat(64) };
      world.history.add({ ...first!, upload, start: world.step + 1, end: world.step + 1 });
      return world;
    },
  },
  {
    invariant: "I4",
    title: "an upload that is left in the temp bucket",
    breach: async () => {
      const world = await rested([put("1")]);
      world.stores.temp.put("images/a.jpg", Buffer.from("x"));
      return world;
    },
  },
  {
    invariant: "I5",
    title: "an object to which no record refers",
    breach: async () => {
      const world = await rested([put("1")]);
      world.stores.images.put("raw/a.jpg/orphan.jpg", Buffer.from("x"));
      return world;
    },
  },
  {
    invariant: "I6",
    title: "an epoch that goes back",
    breach: async () => {
      const world = await rested([put("1"), remove, put("2")]);
      await update(world, { set: { epoch: 0 } });
    },
  },
  {
    invariant: "I6",
    title: "a sequencer that goes back",
    breach: async () => update(await rested([put("1")]), { set: { sequencer: "0" } }),
  },
  {
    invariant: "I6",
    title: "a status off its graph",
    breach: async () =>
      update(await rested([put("1", "hollow")]), {
        set: { status: "PROCESSING", statusShard: "PROCESSING#0" },
        remove: ["reason"],
      }),
  },
  {
    invariant: "I7",
    title: "a rendition with another image's pixels",
    breach: async () => {
      const world = await rested([put("1")]);
      const key = world.stores.images.list("small/")[0]!;
      await effect(
        world,
        "RawImagePutProcess",
        "images.create",
        [key, Buffer.from("2x2 webp of good 2")],
        () => undefined,
      );
    },
  },
  {
    invariant: "I8",
    title: "a healthy message in a dead-letter queue",
    breach: async () => {
      const world = await rested([put("1")]);
      world.queues.send("PutRawImageQueue", "{}").state = "dead";
      return world;
    },
  },
  {
    invariant: "I8",
    title: "poison that was acknowledged",
    breach: async () => {
      const world = await rested([put("1")]);
      world.queues.finish(world.queues.send("PutRawImageQueue", "not JSON", true));
      return world;
    },
  },
  {
    invariant: "I9",
    title: "a function that sends to its own queue",
    breach: async () => {
      const world = await rested([put("1")]);
      world.send("PutRawImageQueue", "{}", { from: world.newActor("RawImagePutProcess") });
    },
  },
  {
    invariant: "I9",
    title: "a run that never comes to an end",
    breach: async () => {
      const world = newWorld();
      const perform = world.performFor(world.newActor("RawImagePutProcess"));
      const forever = async (): Promise<void> => {
        for (;;) await perform("temp.versions", [name], () => []);
      };
      forever().catch(() => undefined);
      await world.drain();
    },
  },
  {
    invariant: "I10",
    title: "a replayed message that changes a record",
    breach: async () => {
      const rewriting = atPorts(
        "rawImagePutProcess",
        { name: "rewriting", mistake: "a repeat writes" },
        ({ metadata }) => ({
          metadata: {
            readRaw: async () => {
              const record = await metadata.readRaw(name);
              if (record) await metadata.updateRaw(name, { when: [], set: { updatedAt: "seen again" } });
              return record;
            },
          },
        }),
      );
      await live(newWorld(rewriting.load(() => undefined)), [[put("1")]]);
    },
  },
  {
    invariant: "I11",
    title: "a generation that counts as cleared away while edge caches keep it",
    breach: async () => {
      const world = await rested([put("1")]);
      const record = world.stores.metadata.raw(name)!;
      const manifest = manifestFor(record)!;
      await update(world, { sets: { superseded: { add: [manifest] } } });
      for (const key of allOf(keysOf(name, manifest))) world.stores.images.delete(key);
      await update(world, { sets: { superseded: { remove: [manifest] } } });
    },
  },
  {
    invariant: "I11",
    title: "an edge cache that keeps what a DELETE removed",
    breach: async () => {
      const world = await rested([put("1"), remove]);
      const key = world.history.operations[0]!.upload!.versionId;
      world.stores.images.put(key, Buffer.from("x"));
      world.stores.edgeCaches.tell([key]);
      world.stores.images.delete(key);
      return world;
    },
  },
  {
    invariant: "READY",
    title: "READY without an object",
    breach: async () => {
      const world = await rested([put("1")]);
      const key = world.stores.images.list("small/")[0]!;
      await effect(world, "RawImagePutProcess", "images.delete", [key], () => world.stores.images.delete(key));
    },
  },
  {
    invariant: "READY",
    title: "a rendition with other bytes than its record tells",
    breach: async () => {
      const mutant = mutants.find((candidate) => candidate.name === "bytes-of-the-original")!;
      await rested(
        [put("1")],
        mutant.load(() => undefined),
      );
    },
  },
  {
    invariant: "READY",
    title: "READY with fewer renditions than were expected",
    breach: async () => {
      const hasty = atPorts("resolutionBasedImagePutProcess", { name: "", mistake: "" }, ({ makeRenditions }) => ({
        makeRenditions: (original, specs, store) => makeRenditions(original, specs.slice(1), store),
      }));
      await rested(
        [put("1")],
        hasty.load(() => undefined),
      );
    },
  },
  {
    invariant: "ONCE",
    title: "a rendition that is stored twice",
    breach: async () => {
      const mutant = mutants.find((candidate) => candidate.name === "shared-stored-twice")!;
      await rested(
        [put("1", "dot")],
        mutant.load(() => undefined),
      );
    },
  },
  {
    invariant: "SERVED",
    title: "a live generation that is forgotten while its successor is pending",
    breach: async () => {
      const world = await failedSuccessor();
      await update(world, { set: { statusShard: "FAILED#0" }, remove: ["live"] });
    },
  },
  {
    invariant: "SERVED",
    title: "a live generation that is told of otherwise than before",
    breach: async () => {
      const world = await failedSuccessor();
      await update(world, { set: { live: { ...world.stores.metadata.raw(name)!.live, width: 1 } } });
    },
  },
  {
    invariant: "READY",
    title: "a live generation without an object",
    breach: async () => {
      const world = await failedSuccessor();
      const key = world.stores.images.list("small/")[0]!;
      await effect(world, "RawImagePutProcess", "images.delete", [key], () => world.stores.images.delete(key));
    },
  },
  {
    invariant: "GET",
    title: "GET that does not tell of a generation that is pending",
    breach: async () => {
      const silent: Handlers["rawImageGetProcess"] = (ports) => async (of) => {
        const answer = await deployed.rawImageGetProcess(ports)(of);
        return answer && { ...answer, pending: undefined };
      };
      await failedSuccessor({ ...deployed, rawImageGetProcess: silent });
    },
  },
  {
    invariant: "I8",
    title: "a dead letter that failed too seldom",
    breach: () => failing("buried-at-once"),
  },
  {
    invariant: "I8",
    title: "a dead letter that is delivered again as well",
    breach: () => failing("buried-and-reported"),
  },
  {
    invariant: "FORM",
    title: "a READY image that expires",
    breach: async () => update(await rested([put("1")]), { set: { expiresAt: 4e9 } }),
  },
  {
    invariant: "FORM",
    title: "a READY image with a reason why it failed",
    breach: async () => update(await rested([put("1")]), { set: { reason: "Damaged." } }),
  },
  {
    invariant: "FORM",
    title: "a record that is in the list of another status",
    breach: async () => update(await rested([put("1")]), { set: { statusShard: "PROCESSING#0" } }),
  },
  {
    invariant: "FORM",
    title: "a record that moves in its list",
    breach: async () => update(await rested([put("1")]), { set: { listPosition: "2031" } }),
  },
  {
    invariant: "FORM",
    title: "a deleted name that keeps its rejection",
    breach: async () =>
      update(await rested([put("1", "bad"), remove]), { set: { rejectedReason: "No image: bad 1." } }),
  },
  {
    invariant: "FORM",
    title: "a rejection with the reason of another upload",
    breach: async () =>
      update(await rested([put("1", "bad"), put("2", "bad")]), { set: { rejectedReason: "No image: bad 1." } }),
  },
  {
    invariant: "DETAILS",
    title: "the metadata of another upload",
    breach: async () => update(await rested([put("1")]), { set: { metadata: '{"of":"another"}' } }),
  },
  {
    invariant: "DETAILS",
    title: "a live generation without its focus",
    breach: async () => {
      const world = await rested([put("1", "good", { focus: { x: 0, y: 1 } })]);
      await runAll(world, [put("2", "hollow")]);
      const { live } = world.stores.metadata.raw(name) ?? {};
      await update(world, { set: { live: { ...live, focus: undefined } } });
    },
  },
  {
    invariant: "FORM",
    title: "a deleted name that keeps its metadata",
    breach: async () => update(await rested([put("1"), remove]), { set: { metadata: "{}" } }),
  },
  {
    invariant: "GET",
    title: "GET that is late by a moment",
    breach: async () => {
      let asked = 0;
      const late: Handlers["rawImageGetProcess"] = (ports) => async (of) => {
        asked += 1;
        return asked === 1 ? undefined : deployed.rawImageGetProcess(ports)(of);
      };
      await rested([put("1")], { ...deployed, rawImageGetProcess: late });
    },
  },
  {
    invariant: "I1",
    title: "an upload that is lost long after a DELETE that was never acknowledged",
    breach: async () => {
      const world = await rested([put("1"), remove, put("2")]);
      world.history.operations[1]!.acknowledged = false;
      world.stores.metadata.updateRaw(name, { when: [], set: { status: "DELETING" }, remove: ["generation"] });
      return world;
    },
  },
  {
    invariant: "GET",
    title: "GET that knows nothing of a READY image",
    breach: async () => rested([put("1")], { ...deployed, rawImageGetProcess: () => () => Promise.resolve(undefined) }),
  },
  {
    invariant: "TOLD",
    title: "states that are never announced",
    breach: () => announced(() => () => Promise.resolve([])),
  },
  {
    invariant: "TOLD",
    title: "an image that is announced as READY before it is",
    breach: () => announced((send) => (events) => send(events.map((event) => ({ ...event, name: "ready" })))),
  },
  {
    invariant: "TOLD",
    title: "an event whose copy has another id",
    breach: () =>
      announced((send) => async (events) => {
        await send(events);
        return send(events.map(({ name, detail }) => ({ name, detail: { ...detail, eventId: "another" } })));
      }),
  },
  {
    invariant: "TOLD",
    title: "different events of one id",
    breach: () =>
      announced(
        (send) => (events) =>
          send(events.map(({ name, detail }) => ({ name, detail: { ...detail, eventId: "the same" } }))),
      ),
  },
];

describe("the oracle", () => {
  for (const { invariant, title, breach } of breaches) {
    it(`reports ${invariant}: ${title}`, async () => {
      const world = newWorld();
      const { violation } = await conclude(world, async () => {
        const broken = await breach();
        if (broken) await checkAtRest(broken);
      });
      expect(violation?.invariant, violation?.message).to.equal(invariant);
    });
  }

  it("is tried on every invariant", () => {
    expect(new Set(breaches.map(({ invariant }) => invariant))).to.deep.equal(new Set(Object.keys(invariants)));
  });

  it("has nothing to say of a world in which all is well", async () => {
    const world = await rested([put("1"), put("2", "bad"), remove, put("3")]);
    expect((await conclude(world, () => checkAtRest(world))).violation).to.equal(undefined);
  });
});

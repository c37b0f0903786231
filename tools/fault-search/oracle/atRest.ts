import { keysOf, liveManifest } from "../../../handlers/protocol/generation";
import { refuseName } from "../../../handlers/protocol/objectName";
import { reasonOf } from "../../../handlers/protocol/rawImageGetProcess";
import type { RawRecord } from "../../../handlers/records";
import { follows, overruled, type Operation } from "../world/history";
import { limits, rendered } from "../world/simulatedImages";
import { simulatedPorts } from "../world/simulatedPorts";
import { Violation } from "./violation";
import type { World } from "../world/world";

/** The invariants that must hold once the queues are empty and nothing runs. */
export async function checkAtRest(world: World): Promise<void> {
  checkQueues(world);
  checkTemp(world);
  for (const name of world.history.names()) checkName(world, name);
  checkReferences(world);
  for (const name of world.history.names()) await checkStatus(world, name);
}

function checkQueues({ queues }: World): void {
  const stuck = queues.all.find(({ state }) => state === "visible" || state === "inFlight");
  if (stuck) throw new Violation("I8", `message ${stuck.id} is still ${stuck.state}`);
  const dead = queues.all.filter(({ state }) => state === "dead");
  const alive = dead.find(({ poison }) => !poison);
  if (alive) throw new Violation("I8", `message ${alive.id} ended in the dead-letter queue of ${alive.queue}`);
  const eaten = queues.all.find(({ poison, body }) => poison && !dead.some((letter) => letter.body === body));
  if (eaten) throw new Violation("I8", `message ${eaten.id}, which nobody can work on, was acknowledged`);
}

function checkTemp({ stores }: World): void {
  const left = stores.temp.all()[0];
  if (left) throw new Violation("I4", `${left.key} ${left.versionId} is left in the temp bucket`);
}

/** Whether an upload can become a name's image. */
const acceptable = ({ name, upload }: Operation): boolean =>
  (upload?.kind === "good" || upload?.kind === "hollow") && refuseName(name, limits.acceptedExtensions) === undefined;

function checkName(world: World, name: string): void {
  if (name === "") return; // an object whose key is the prefix alone is nobody's upload
  const operations = world.history.of(name);
  const deletes = operations.filter(({ kind }) => kind === "delete");
  const accepted = operations.filter(acceptable);
  const deciders = [...accepted, ...deletes];
  const record = world.stores.metadata.raw(name);

  if (record?.generation === undefined) {
    checkWithoutImage(name, record, { deciders, deletes });
  } else {
    checkImage(world, name, record, deciders);
  }
  const rejected = operations.filter((operation) => operation.kind === "put" && !acceptable(operation));
  checkRejections(name, record, { operations, rejected, deletes });
}

function checkImage({ history, stores }: World, name: string, record: RawRecord, deciders: Operation[]): void {
  const operation = history.uploadOf(record.generation ?? "");
  const upload = operation?.upload;
  if (!upload || operation.name !== name) throw new Violation("I3", `${name} shows an upload that nobody made`);
  if (overruled(operation, deciders)) {
    throw new Violation("I3", `${name} shows upload ${upload.versionId}, which a later operation overruled`);
  }
  if (record.status !== (upload.kind === "hollow" ? "FAILED" : "READY")) {
    throw new Violation("I1", `${name} is ${record.status} for good`);
  }
  if (record.status === "FAILED" && !record.reason) throw new Violation("I1", `${name} is FAILED without a reason`);
  const keys = keysOf(name, liveManifest(record) ?? "");
  const original = stores.images.read(keys.original);
  if (original === undefined || !Buffer.from(original).equals(upload.body)) {
    throw new Violation("I1", `${name}: the original of ${upload.versionId} is not what was uploaded`);
  }
  for (const { imageType, imageId } of record.status === "READY" ? keys.renditions : []) {
    const stored = stores.images.read(imageId);
    if (stored === undefined || Buffer.from(stored).toString() !== rendered(upload.body, imageType)) {
      throw new Violation("I1", `${name}: its ${imageType} is not of the bytes of ${upload.versionId}`);
    }
  }
}

function checkWithoutImage(
  name: string,
  record: RawRecord | undefined,
  { deciders, deletes }: { deciders: Operation[]; deletes: Operation[] },
): void {
  const neverHadOne = !deciders.some(({ acknowledged }) => acknowledged);
  if (!neverHadOne && !deletes.some((operation) => !overruled(operation, deciders))) {
    throw new Violation("I1", `${name} lost an acknowledged upload: it is ${record?.status ?? "unknown"}`);
  }
  if (record?.status === "READY" || record?.status === "PROCESSING" || record?.status === "FAILED") {
    throw new Violation("I1", `${name} is ${record.status} without an image`);
  }
  if (record?.status === "DELETING" && !deletes.some((operation) => !operation.acknowledged)) {
    throw new Violation("I2", `${name} is DELETING for good`);
  }
}

function checkRejections(
  name: string,
  record: RawRecord | undefined,
  { operations, rejected, deletes }: { operations: Operation[]; rejected: Operation[]; deletes: Operation[] },
): void {
  const reason = record && reasonOf(record);
  for (const upload of rejected) {
    if (!upload.acknowledged) continue;
    const undeleted = deletes.every((other) => follows(upload, other));
    if (undeleted && record?.generation === undefined && record?.status !== "REJECTED") {
      throw new Violation("I1", `${name}: a rejected upload left no trace: ${record?.status ?? "no record"}`);
    }
    const last = operations.every((other) => other === upload || follows(upload, other));
    if (!last) continue;
    const named = refuseName(name, limits.acceptedExtensions) === undefined;
    const told = named && upload.upload?.kind === "bad" ? Buffer.from(upload.upload.body).toString() : "";
    if (!reason?.includes(told))
      throw new Violation("I1", `${name}: the last upload's rejection is not told: ${reason}`);
  }
  if (record?.status === "REJECTED") {
    if (!reason) throw new Violation("I1", `${name} is REJECTED without a reason`);
    if (!rejected.some((upload) => !overruled(upload, [upload, ...deletes]))) {
      throw new Violation("I2", `${name} is REJECTED though it was deleted later`);
    }
  }
}

function checkReferences({ stores: { images, metadata }, history }: World): void {
  const referred = new Set<string>();
  for (const name of metadata.names()) {
    const record = metadata.raw(name);
    const manifest = liveManifest(record);
    if (manifest !== undefined) referred.add(keysOf(name, manifest).original);
    const unfinished = history.of(name).some(({ kind, acknowledged }) => kind === "delete" && !acknowledged);
    if (record?.cancelled && !unfinished) throw new Violation("I5", `${name}: a cancelled upload is never removed`);
    for (const superseded of record?.superseded ?? []) {
      // Only a DELETE that died may leave work to the DELETE that repeats it.
      if (!unfinished) throw new Violation("I5", `${name}: a superseded generation is never cleared away`);
      const keys = keysOf(name, superseded);
      for (const key of [keys.original, ...keys.renditions.map(({ imageId }) => imageId)]) referred.add(key);
    }
    for (const item of metadata.renditionsOf(name)) {
      if (item.status !== "STORED") continue;
      const superseded = record?.superseded?.some((other) => other.startsWith(item.generation)) ?? false;
      if (item.generation !== record?.generation && !superseded) {
        throw new Violation("I5", `${name}: an item refers to ${item.imageId}, which is not of its live generation`);
      }
      referred.add(item.imageId);
    }
  }
  const missing = [...referred].find((key) => !images.has(key) && !isSuperseded(key));
  if (missing !== undefined) throw new Violation("I5", `an item refers to ${missing}, which is missing`);
  const orphan = images.list("").find((key) => !referred.has(key));
  if (orphan !== undefined) throw new Violation("I5", `no item refers to ${orphan}`);

  function isSuperseded(key: string): boolean {
    return metadata.names().some((name) =>
      metadata.raw(name)?.superseded?.some((manifest) => {
        const keys = keysOf(name, manifest);
        return keys.original === key || keys.renditions.some(({ imageId }) => imageId === key);
      }),
    );
  }
}

/** `GET` tells what is there, and nothing else. */
async function checkStatus({ stores, options }: World, name: string): Promise<void> {
  const ports = simulatedPorts(
    stores,
    (_name, _about, effect) => Promise.resolve(effect()),
    () => undefined,
  );
  const status = await options.handlers.rawImageGetProcess(ports)(name);
  const record = stores.metadata.raw(name);
  if (status?.status !== record?.status) throw new Violation("GET", `${name}: says ${status?.status ?? "nothing"}`);
  const specs = record?.status === "READY" ? (record.expected ?? []) : [];
  if (specs.map((spec) => spec.imageType).join() !== status?.renditions.map((r) => r.imageType).join()) {
    if (status) throw new Violation("GET", `${name}: tells of ${status.renditions.length} renditions`);
  }
  const dangling = status?.renditions.find(
    ({ url }) => !stores.images.has(url.slice("https://images.example/".length)),
  );
  if (dangling) throw new Violation("GET", `${name}: ${dangling.url} leads nowhere`);
  if ((status?.status === "REJECTED" || status?.status === "FAILED") && !status.reason) {
    throw new Violation("GET", `${name}: ${status.status} without a reason`);
  }
}

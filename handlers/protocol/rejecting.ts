import { fateOf, identity, isNotBefore, type Arrival, type RawImagePutPorts } from "./arrival";
import { finishCancelling } from "./cancelling";
import { unchanged } from "./conditions";
import { expiresAt } from "./deletion";
import { judgedWith, uploadTag } from "./generation";
import { listedUnder } from "./listing";
import { removeUpload } from "./withdrawing";
import type { Upload } from "../ports";
import type { RawRecord } from "../records";

/** Records why an upload was rejected, then removes it. A good image that the name has stays as it is. */
export async function reject(
  ports: RawImagePutPorts,
  arrival: Arrival,
  { storedAt }: Pick<Upload, "storedAt">,
  { cause, reason }: { cause: string; reason: string },
  before: RawRecord | undefined,
): Promise<"done" | "again"> {
  const { metadata, clock, journal } = ports;
  const { name, sequencer } = arrival;
  let current = before;
  // A newer upload that was rejected is the one that `GET` tells of.
  while (!isNotBefore(current?.rejectedSequencer, sequencer)) {
    const now = new Date(clock.now()).toISOString();
    const result = await metadata.updateRaw(name, {
      when: [
        { attribute: "epoch", absent: true, oneOf: [arrival.epoch] },
        { attribute: "sequencer", absent: true, below: sequencer },
        unchanged("rejectedSequencer", current?.rejectedSequencer),
        unchanged("generation", current?.generation),
      ],
      set: {
        ...(current?.generation === undefined
          ? { status: "REJECTED" as const, ...listedUnder(name, { status: "REJECTED" }), expiresAt: expiresAt(clock) }
          : {}),
        rejectedReason: reason,
        rejectedSequencer: sequencer,
        rejectedAt: storedAt,
        ...judgedWith(current, uploadTag(arrival.versionId)),
        updatedAt: now,
      },
      setIfAbsent: { ...identity(arrival, now, current), epoch: arrival.epoch },
      remove: current?.generation === undefined ? ["deletedAt"] : [],
    });
    if (result.applied) break;
    current = result.record;
    if (current && (current.epoch !== arrival.epoch || fateOf(current, arrival))) return "again";
  }
  await removeUpload(ports, arrival);
  if (current) await finishCancelling(ports, current);
  journal.finished({ outcome: "rejected", name, cause, reason, durationMs: clock.now() - arrival.startedAt });
  return "done";
}

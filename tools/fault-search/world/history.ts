import { uploadTag } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";
import { Violation } from "../oracle/invariants";
import { follows, type Operation, type Uploaded } from "../oracle/operations";

/** An operation of a simulated client. An upload takes effect in one instant, a DELETE between its start and its end. */
export interface SimulatedOperation extends Operation {
  upload?: Uploaded & { body: Uint8Array; versionId: string; sequencer: string };
  /** Of the run that a DELETE started: its answer, whether or not the client still waits for it. */
  answer?: Promise<RawRecord | undefined>;
}

/** The requests of the simulated clients. */
export class History {
  readonly operations: SimulatedOperation[] = [];
  /** Version ids by name and sequencer. */
  private readonly swept = new Map<string, string>();
  private readonly byTag = new Map<string, SimulatedOperation>();

  add(operation: SimulatedOperation): SimulatedOperation {
    this.operations.push(operation);
    if (operation.upload) this.byTag.set(uploadTag(operation.upload.versionId), operation);
    return operation;
  }

  /** A DELETE answered that nothing of the name is known: it did nothing, and that answer must be true. */
  retract(operation: SimulatedOperation): void {
    const others = this.of(operation.name).filter((other) => other !== operation);
    this.operations.splice(this.operations.indexOf(operation), 1);
    const known = others.find(
      (upload) =>
        upload.kind === "put" &&
        upload.acknowledged &&
        follows(operation, upload) &&
        others.every((other) => other.kind === "put" || follows(upload, other)),
    );
    if (known) throw new Violation("I2", `${operation.name}: DELETE answers that it is unknown, after its upload`);
  }

  /** Forgets what clients did to a name until then: its record expired. */
  forget(name: string, step: number): void {
    const kept = this.operations.filter((operation) => operation.name !== name || operation.end > step);
    this.operations.splice(0, this.operations.length, ...kept);
  }

  /** The upload from which a generation was made. */
  uploadOf(generation: string): SimulatedOperation | undefined {
    return this.byTag.get(generation.slice(0, 16));
  }

  /** The upload of a name whose S3 event has this sequencer, padded or not. */
  uploadAt(name: string, sequencer: string): SimulatedOperation | undefined {
    const bare = (text = ""): string => text.replace(/0+$/, "");
    const swept = this.swept.get(`${name} ${sequencer}`);
    return (
      (swept === undefined ? undefined : this.byTag.get(uploadTag(swept))) ??
      this.of(name).find(({ upload }) => upload && bare(upload.sequencer) === bare(sequencer))
    );
  }

  /** The sweep sends an upload on its way under a sequencer of its own. */
  sweeps(name: string, versionId: string, sequencer: string): void {
    this.swept.set(`${name} ${sequencer}`, versionId);
  }

  of(name: string): SimulatedOperation[] {
    return this.operations.filter((operation) => operation.name === name);
  }
}

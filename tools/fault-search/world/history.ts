import { uploadTag } from "../../../handlers/protocol/generation";
import type { UploadKind } from "./simulatedImages";
import { Violation } from "../oracle/violation";

/** One operation of a client, with the steps between which it took effect. */
export interface Operation {
  kind: "put" | "delete";
  name: string;
  start: number;
  /** Infinity where a DELETE was never acknowledged: it may still take effect. */
  end: number;
  acknowledged: boolean;
  upload?: { kind: UploadKind; body: Uint8Array; versionId: string };
}

/** What clients did. An upload takes effect in one instant, a DELETE somewhere between its start and its end. */
export class History {
  readonly operations: Operation[] = [];
  private readonly byTag = new Map<string, Operation>();

  add(operation: Operation): Operation {
    this.operations.push(operation);
    if (operation.upload) this.byTag.set(uploadTag(operation.upload.versionId), operation);
    return operation;
  }

  /** A DELETE answered that nothing of the name is known: it did nothing, and that answer must be true. */
  retract(operation: Operation): void {
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

  /** The upload from which a generation was made. */
  uploadOf(generation: string): Operation | undefined {
    return this.byTag.get(generation.slice(0, 16));
  }

  names(): string[] {
    return [...new Set(this.operations.map(({ name }) => name))];
  }

  of(name: string): Operation[] {
    return this.operations.filter((operation) => operation.name === name);
  }
}

/** Whether `later` was asked for after `earlier` had been answered. */
export const follows = (later: Operation, earlier: Operation): boolean => later.start > earlier.end;

/** The operation is overruled: another one of these was acknowledged and came wholly after it. */
export const overruled = (operation: Operation, by: Operation[]): boolean =>
  by.some((other) => other !== operation && other.acknowledged && follows(other, operation));

import type { RenditionSpec } from "../../../handlers/imageTypes";
import { manifestOf } from "../../../handlers/protocol/generation";
import { bytesOf, type RecordRoom } from "../../../handlers/protocol/recordRoom";
import { imageTypes, otherImageTypes } from "./simulatedImages";

/** The room of a simulated record, and what no record may have. */
export interface SimulatedRoom {
  room: RecordRoom;
  /**
   * No set of a record may have more bytes. A DELETE adds up to two generations, and where too many uploads wait to name them
   * all the newest one, whatever is there already.
   */
  mostBytes: RecordRoom;
}

/** So small that a few uploads fill it: two manifests, two version ids. A backfill makes a manifest longer. */
export const roomWith = ({ backfills = false }: { backfills?: boolean }): SimulatedRoom => {
  const types: RenditionSpec[] = backfills ? [...imageTypes, ...otherImageTypes] : imageTypes;
  const manifestBytes = bytesOf([
    manifestOf(
      "0".repeat(48),
      "jpeg",
      types.map((type) => ({ ...type, ...(backfills && { revision: 1 }) })),
    ),
  ]);
  return {
    room: { superseded: 2 * manifestBytes, cancelled: 8 },
    mostBytes: { superseded: 4 * manifestBytes, cancelled: 20 },
  };
};

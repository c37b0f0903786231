import type { Mutant } from "./loadMutant";

const file = "protocol/rawImageDeleteProcess";
const second = "protocol/resolutionBasedImageDeleteProcess";

/** Mistakes in deletion. */
export const deleteMutants: Mutant[] = [
  {
    name: "epoch-kept",
    mistake: "a DELETE does not move the epoch",
    file,
    changes: [["epoch: (current?.epoch ?? 0) + 1,", "epoch: current?.epoch ?? 0,"]],
  },
  {
    name: "delete-unconditionally",
    mistake: "a DELETE does not care what became of the record",
    file,
    changes: [
      [
        'when: [(0, conditions_1.unchanged)("epoch", current?.epoch), (0, conditions_1.unchanged)("generation", current?.generation)],',
        "when: [],",
      ],
    ],
  },
  {
    name: "waiting-uploads-kept",
    mistake: "a DELETE does not cancel the uploads that wait",
    file,
    changes: [[", cancelled: { add: waiting } },", " },"]],
  },
  {
    name: "uploads-before-record",
    mistake: "a DELETE removes waiting uploads before it moves the epoch",
    file,
    changes: [
      [
        "        const before = await metadata.readRaw(name);",
        "        for (const versionId of waiting)\n            await temp.delete(key, versionId);\n        const before = await metadata.readRaw(name);",
      ],
    ],
  },
  {
    name: "unknown-though-waiting",
    mistake: "a name whose first upload waits counts as unknown",
    file,
    changes: [["if (!before && waiting.length === 0)", "if (!before)"]],
  },
  {
    name: "record-before-uploads",
    mistake: "a DELETE reads the record before it lists the uploads",
    file,
    changes: [
      [
        "        const waiting = await temp.versions(key);\n        const before = await metadata.readRaw(name);",
        "        const before = await metadata.readRaw(name);\n        const waiting = await temp.versions(key);",
      ],
    ],
  },
  {
    name: "deleted-at-once",
    mistake: "a name counts as DELETED while a generation is still to be cleared",
    file,
    changes: [
      [
        "const nothingStored = live === undefined && !current?.superseded &&",
        "const nothingStored = live === undefined &&",
      ],
    ],
  },
  {
    name: "delete-untold",
    mistake: "no message asks to clear a deleted generation away",
    file,
    changes: [
      [
        "        for (const manifest of record.superseded ?? [])\n            await deleteQueue.send({ original: name, manifest });\n",
        "",
      ],
    ],
  },
  {
    name: "generation-kept",
    mistake: "the record keeps its generation when the name is deleted",
    file,
    changes: [['...["generation", "imageId",', '...["imageId",']],
  },
  {
    name: "deleted-not-superseded",
    mistake: "the deleted generation is not remembered",
    file,
    changes: [["{ add: live === undefined ? [] : [live] }", "{ add: [] }"]],
  },
  {
    name: "sequencer-forgotten",
    mistake: "a DELETE forgets the newest upload's sequencer",
    file,
    changes: [['...["reason", "rejectedReason"],', '...["reason", "rejectedReason", "sequencer"],']],
  },
  {
    name: "cancelled-never-removed",
    mistake: "a DELETE does not remove the uploads that it cancelled",
    file,
    changes: [["await removeCancelled(ports, record)", "record"]],
  },
  {
    name: "live-cleared",
    mistake: "a message that asks to clear the live generation away is obeyed",
    file: second,
    changes: [["    if (record?.generation === generation) {", "    if (false) {"]],
  },
  {
    name: "original-kept",
    mistake: "the original of a superseded generation stays",
    file: second,
    changes: [["images.delete(keys.original), ", ""]],
  },
  {
    name: "superseded-for-good",
    mistake: "a generation that is cleared away stays in superseded",
    file: second,
    changes: [["{ superseded: { remove: [manifest] } }", "{}"]],
  },
  {
    name: "superseded-too-early",
    mistake: "a generation leaves superseded before its objects go",
    file: second,
    changes: [
      [
        "        await Promise.all([images.delete(keys.original), (0, deletion_1.removeRenditions)(ports, name, manifest)]);\n",
        "",
      ],
      [
        "        if (record)\n            record = await (0, deletion_1.finishDeletion)(ports, record);",
        "        if (record)\n            record = await (0, deletion_1.finishDeletion)(ports, record);\n        await Promise.all([images.delete(keys.original), (0, deletion_1.removeRenditions)(ports, name, manifest)]);",
      ],
    ],
  },
  {
    name: "never-finished",
    mistake: "DELETING never becomes DELETED",
    file: second,
    changes: [["        if (record)\n            record = await (0, deletion_1.finishDeletion)(ports, record);\n", ""]],
  },
  {
    name: "finished-with-leftovers",
    mistake: "DELETED is recorded though generations are left",
    file: "protocol/deletion",
    changes: [
      ['record.status !== "DELETING" || record.superseded ||', 'record.status !== "DELETING" ||'],
      ['            { attribute: "superseded", absent: true },\n', ""],
    ],
  },
  {
    name: "finished-any-status",
    mistake: "DELETED is recorded over a new upload",
    file: "protocol/deletion",
    changes: [['            { attribute: "status", oneOf: ["DELETING"] },\n', ""]],
  },
  {
    name: "items-kept",
    mistake: "items of deleted renditions stay STORED",
    file: "protocol/deletion",
    changes: [
      ["        await metadata.markRenditionDeleted(name, imageType, generation, { updatedAt, expiresAt });\n", ""],
    ],
  },
  {
    name: "objects-kept",
    mistake: "only the items of renditions are deleted",
    file: "protocol/deletion",
    changes: [["        await images.delete(imageId);\n", ""]],
  },
];

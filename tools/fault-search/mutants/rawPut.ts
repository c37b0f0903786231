import type { Mutant } from "./loadMutant";

const file = "protocol/rawImagePutProcess";

/** Mistakes on the way from an upload to its record. */
export const rawPutMutants: Mutant[] = [
  {
    name: "upload-first",
    mistake: "the upload is removed before the next functions are told",
    file,
    changes: [
      ["manifest: superseded });\n    await temp.delete(key, versionId);", "manifest: superseded });"],
      [
        "    if (manifest !== undefined && record.status",
        "    await temp.delete(key, versionId);\n    if (manifest !== undefined && record.status",
      ],
    ],
  },
  {
    name: "upload-before-record",
    mistake: "the upload is removed before its generation is recorded",
    file,
    changes: [
      [
        "    await images.create(imageId, verdict.body, format);",
        "    await images.create(imageId, verdict.body, format);\n    await ports.temp.delete(arrival.key, arrival.versionId);",
      ],
    ],
  },
  {
    name: "upload-kept",
    mistake: "the upload is never removed",
    file,
    changes: [["manifest: superseded });\n    await temp.delete(key, versionId);", "manifest: superseded });"]],
  },
  {
    name: "record-before-original",
    mistake: "the generation is recorded before its original is stored",
    file,
    changes: [
      ["    await images.create(imageId, verdict.body, format);", ""],
      [
        "    await passOn(ports, arrival, record);",
        "    await images.create(imageId, verdict.body, format);\n    await passOn(ports, arrival, record);",
      ],
    ],
  },
  {
    name: "record-any-epoch",
    mistake: "a generation is recorded whatever the epoch",
    file,
    changes: [
      [
        '{ attribute: "epoch", absent: true, oneOf: [arrival.epoch] },\n                { attribute: "sequencer", absent: true, below: arrival.sequencer },',
        '{ attribute: "sequencer", absent: true, below: arrival.sequencer },',
      ],
    ],
  },
  {
    name: "epoch-read-late",
    mistake: "the epoch is read after the upload",
    file,
    changes: [
      [
        "        await accept(ports, arrival, upload, before);",
        "        arrival.epoch = (await metadata.readRaw(original))?.epoch ?? 0;\n        await accept(ports, arrival, upload, before);",
      ],
    ],
  },
  {
    name: "record-any-sequencer",
    mistake: "an older upload is recorded over a newer one",
    file,
    changes: [
      ['                { attribute: "sequencer", absent: true, below: arrival.sequencer },\n', ""],
      ["    const lost = !recorded && isNotBefore(before?.sequencer, event.sequencer);", "    const lost = false;"],
    ],
  },
  {
    name: "record-over-any-generation",
    mistake: "the generation that is replaced may be another one",
    file,
    changes: [
      [
        'below: arrival.sequencer },\n                (0, conditions_1.unchanged)("generation", current?.generation),',
        "below: arrival.sequencer },",
      ],
    ],
  },
  {
    name: "record-repeated",
    mistake: "a repeat of the live generation counts as overtaken",
    file,
    changes: [["        if (current?.generation === generation.generation)\n            return current;\n", ""]],
  },
  {
    name: "record-unconditionally",
    mistake: "a generation is recorded whatever the record says",
    file,
    changes: [
      [
        'when: [\n                { attribute: "epoch", absent: true, oneOf: [arrival.epoch] },\n                { attribute: "sequencer", absent: true, below: arrival.sequencer },\n                (0, conditions_1.unchanged)("generation", current?.generation),\n            ],',
        "when: [],",
      ],
    ],
  },
  {
    name: "superseded-forgotten",
    mistake: "the generation that is replaced is not remembered",
    file,
    changes: [["addSuperseded: replaced === undefined ? [] : [replaced],", "addSuperseded: [],"]],
  },
  {
    name: "superseded-untold",
    mistake: "nobody is told to clear a superseded generation away",
    file,
    changes: [
      [
        "    for (const superseded of record.superseded ?? [])\n        await deleteQueue.send({ original, manifest: superseded });\n",
        "",
      ],
    ],
  },
  {
    name: "repeat-untold",
    mistake: "a redelivery trusts that the messages were sent",
    file,
    changes: [
      ["        await passOn(ports, arrival, before);", "        await temp.delete(event.key, event.versionId);"],
    ],
  },
  {
    name: "overtaken-original-kept",
    mistake: "the original of an overtaken upload stays",
    file,
    changes: [
      [
        "    for (const stored of await images.list((0, generation_1.originalKeyPrefix)(original, versionId)))\n        await images.delete(stored);\n",
        "",
      ],
    ],
  },
  {
    name: "overtaken-upload-kept",
    mistake: "an overtaken upload stays in the temp bucket",
    file,
    changes: [
      [
        '    await temp.delete(key, versionId);\n    journal.finished({ outcome: "superseded", original });',
        '    journal.finished({ outcome: "superseded", original });',
      ],
    ],
  },
  {
    name: "leftovers-kept",
    mistake: "what a dead run stored of a cancelled upload stays",
    file,
    changes: [
      ["        if (!recorded)\n            await removeLeftovers(ports, arrival);\n", ""],
      ["    await removeLeftovers(ports, arrival);\n    const { record }", "    const { record }"],
    ],
  },
  {
    name: "leftovers-unchecked",
    mistake: "leftovers are removed though the record has taken them in",
    file,
    changes: [
      [
        "    if (record?.generation?.startsWith((0, generation_1.uploadTag)(versionId)))\n        return;\n    for (const stored of leftovers)",
        "    for (const stored of leftovers)",
      ],
    ],
  },
  {
    name: "cancelled-taken-in",
    mistake: "an upload is taken in although a DELETE cancelled it",
    file,
    changes: [["    if (before?.cancelled?.includes(event.versionId)) {", "    if (false) {"]],
  },
  {
    name: "no-starting-over",
    mistake: "an upload whose name was deleted meanwhile waits for a redelivery",
    file,
    changes: [["|| tries === MOST_TRIES)", "|| tries > 0)"]],
  },
  {
    name: "rejection-hides-image",
    mistake: "a rejected upload takes the good image's status",
    file,
    changes: [['...(current?.generation === undefined ? { status: "REJECTED" } : {}),', 'status: "REJECTED",']],
  },
  {
    name: "rejection-any-epoch",
    mistake: "a rejection is recorded whatever the epoch",
    file,
    changes: [
      [
        '{ attribute: "epoch", absent: true, oneOf: [arrival.epoch] },\n                { attribute: "sequencer", absent: true, below: sequencer },',
        '{ attribute: "sequencer", absent: true, below: sequencer },',
      ],
    ],
  },
  {
    name: "rejection-any-order",
    mistake: "an older rejection replaces a newer one",
    file,
    changes: [
      ['                { attribute: "rejectedSequencer", absent: true, below: sequencer },\n', ""],
      [" && !isNotBefore(current?.rejectedSequencer, sequencer)) {", ") {"],
    ],
  },
  {
    name: "rejection-retried",
    mistake: "a bad image fails its message",
    file,
    changes: [
      [
        "        await reject(ports, arrival, verdict, before);\n        return;",
        '        throw new Error("bad image");',
      ],
    ],
  },
  {
    name: "rejected-upload-kept",
    mistake: "a rejected upload stays in the temp bucket",
    file,
    changes: [["    await temp.delete(arrival.key, arrival.versionId);\n", ""]],
  },
  {
    name: "sequencer-padded-left",
    mistake: "sequencers are padded on the wrong side",
    file: "protocol/messages",
    changes: [[".padEnd(SEQUENCER_LENGTH", ".padStart(SEQUENCER_LENGTH"]],
  },
  {
    name: "sequencer-unpadded",
    mistake: "sequencers are not padded",
    file: "protocol/messages",
    changes: [['.padEnd(SEQUENCER_LENGTH, "0")', ""]],
    equivalent:
      "compared as text, zeros on the right matter only between sequencers that differ in nothing else; two events of one key never do",
  },
  {
    name: "key-undecoded",
    mistake: "the key of an S3 event is used as it comes",
    file: "protocol/objectName",
    changes: [['return decodeURIComponent(eventKey.replace(/\\+/g, " "));', "return eventKey;"]],
  },
  {
    name: "generation-by-content",
    mistake: "the same bytes have the same generation",
    file: "protocol/generation",
    changes: [["return (0, exports.uploadTag)(versionId) +", "return (0, exports.uploadTag)(contentHash) +"]],
  },
  {
    name: "failures-unreported",
    mistake: "a failed message counts as finished",
    file: "entries/perMessage",
    changes: [["            if (!(await isDone(record)))", "            if (!(await isDone(record)) && false)"]],
  },
];

import type { Mutant } from "./loadMutant";

const file = "protocol/rawImagePutProcess";
const accepting = "protocol/accepting";
const rejecting = "protocol/rejecting";
const withdrawing = "protocol/withdrawing";

/** Mistakes on the way from an upload to its record. */
export const rawPutMutants: Mutant[] = [
  {
    name: "upload-first",
    mistake: "the upload is removed before the next functions are told",
    file: accepting,
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
    file: accepting,
    changes: [
      [
        "    await images.create(imageId, body, format);",
        "    await images.create(imageId, body, format);\n    await ports.temp.delete(arrival.key, arrival.versionId);",
      ],
    ],
  },
  {
    name: "upload-kept",
    mistake: "the upload is never removed",
    file: accepting,
    changes: [["manifest: superseded });\n    await temp.delete(key, versionId);", "manifest: superseded });"]],
  },
  {
    name: "record-before-original",
    mistake: "the generation is recorded before its original is stored",
    file: accepting,
    changes: [
      ["    await images.create(imageId, body, format);", ""],
      [
        "    await passOn(ports, arrival, recorded);",
        "    await images.create(imageId, body, format);\n    await passOn(ports, arrival, recorded);",
      ],
    ],
  },
  {
    name: "record-any-epoch",
    mistake: "a generation is recorded whatever the epoch",
    file: accepting,
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
        "    const verdict = await (0, judging_1.judge)(ports, name, upload);",
        "    arrival.epoch = (await metadata.readRaw(name))?.epoch ?? 0;\n    const verdict = await (0, judging_1.judge)(ports, name, upload);",
      ],
    ],
  },
  {
    name: "record-any-sequencer",
    mistake: "an older upload is recorded over a newer one",
    file: accepting,
    changes: [
      ['                { attribute: "sequencer", absent: true, below: arrival.sequencer },\n', ""],
      [
        '        if ((0, arrival_1.isNotBefore)(current?.sequencer, arrival.sequencer))\n            return "overtaken";\n',
        "",
      ],
    ],
  },
  {
    name: "record-over-any-generation",
    mistake: "the generation that is replaced may be another one",
    file: accepting,
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
    file: accepting,
    changes: [["        if (current?.generation === generation.generation)\n            return current;\n", ""]],
  },
  {
    name: "record-unconditionally",
    mistake: "a generation is recorded whatever the record says",
    file: accepting,
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
    file: accepting,
    changes: [["{ add: replaced === undefined ? [] : [replaced] }", "{ add: [] }"]],
  },
  {
    name: "superseded-untold",
    mistake: "no message asks to clear a superseded generation away",
    file: accepting,
    changes: [
      [
        "    for (const superseded of record.superseded ?? [])\n        await deleteQueue.send({ original: name, manifest: superseded });\n",
        "",
      ],
    ],
  },
  {
    name: "repeat-untold",
    mistake: "a redelivery trusts that the messages were sent",
    file,
    changes: [
      [
        "        await (0, accepting_1.passOn)(ports, arrival, before);",
        "        await temp.delete(event.key, event.versionId);",
      ],
    ],
  },
  {
    name: "overtaken-original-kept",
    mistake: "the original of an overtaken upload stays",
    file: withdrawing,
    changes: [
      [
        "    for (const stored of await images.list((0, generation_1.originalKeyPrefix)(name, versionId)))\n        await images.delete(stored);\n",
        "",
      ],
    ],
  },
  {
    name: "overtaken-upload-kept",
    mistake: "an overtaken upload stays in the temp bucket",
    file: withdrawing,
    changes: [
      [
        '    await temp.delete(key, versionId);\n    journal.finished({ outcome: "overtaken", name });',
        '    journal.finished({ outcome: "overtaken", name });',
      ],
    ],
  },
  {
    name: "leftovers-kept",
    mistake: "the original that a dead run stored of a cancelled upload stays",
    file: withdrawing,
    changes: [["    for (const stored of leftovers)\n        await images.delete(stored);\n", ""]],
  },
  {
    name: "leftovers-unchecked",
    mistake: "leftovers are removed though the record has taken them in",
    file: withdrawing,
    changes: [
      [
        "    if ((0, arrival_1.isRecorded)(await metadata.readRaw(arrival.name), arrival))\n        return;\n",
        "    await metadata.readRaw(arrival.name);\n",
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
    changes: [["const MOST_TRIES = 5;", "const MOST_TRIES = 1;"]],
  },
  {
    name: "rejection-hides-image",
    mistake: "a rejected upload takes the good image's status",
    file: rejecting,
    changes: [['...(current?.generation === undefined ? { status: "REJECTED" } : {}),', 'status: "REJECTED",']],
  },
  {
    name: "rejection-any-epoch",
    mistake: "a rejection is recorded whatever the epoch",
    file: rejecting,
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
    file: rejecting,
    changes: [
      ['                { attribute: "rejectedSequencer", absent: true, below: sequencer },\n', ""],
      [" && !(0, arrival_1.isNotBefore)(current?.rejectedSequencer, sequencer)) {", ") {"],
    ],
  },
  {
    name: "rejection-retried",
    mistake: "a bad image fails its message",
    file,
    changes: [
      [": (0, rejecting_1.reject)(ports, arrival, verdict, before);", ': Promise.reject(new Error("bad image"));'],
    ],
  },
  {
    name: "rejected-upload-kept",
    mistake: "a rejected upload stays in the temp bucket",
    file: rejecting,
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

import type { Mutant } from "./loadMutant";

const file = "protocol/resolutionBasedImagePutProcess";

/** Mistakes on the way from a generation to its renditions. */
export const renditionMutants: Mutant[] = [
  {
    name: "ready-before-objects",
    mistake: "READY is recorded before the renditions are stored",
    file,
    changes: [
      [
        "        const made = await make(ports, record);\n        const result = await conclude(ports, record, made.undecodable);",
        "        const result = await conclude(ports, record, undefined);\n        const made = await make(ports, record);",
      ],
    ],
  },
  {
    name: "ready-any-generation",
    mistake: "READY is recorded whatever generation is live",
    file,
    changes: [['            { attribute: "generation", oneOf: [generation] },\n', ""]],
  },
  {
    name: "ready-any-status",
    mistake: "a READY or FAILED generation is concluded again",
    file,
    changes: [['            { attribute: "status", oneOf: ["PROCESSING"] },\n', ""]],
    equivalent:
      "whether an original can be decoded depends on its bytes alone, so a second conclusion says the same as the first",
  },
  {
    name: "stale-renditions-kept",
    mistake: "renditions of a generation that was replaced meanwhile stay",
    file,
    changes: [
      [
        "        else if (result.record?.generation !== generation) {\n            await (0, deletion_1.removeRenditions)(ports, name, manifest);",
        "        else if (result.record?.generation !== generation) {",
      ],
    ],
  },
  {
    name: "stale-message-ignored",
    mistake: "a stale message does not clear away what a dead run stored",
    file,
    changes: [
      [
        '            await (0, deletion_1.removeRenditions)(ports, name, manifest);\n            finished({ outcome: "stale" });\n            return;',
        '            finished({ outcome: "stale" });\n            return;',
      ],
    ],
  },
  {
    name: "item-over-newer",
    mistake: "an item is put over one of a newer generation",
    file,
    changes: [['[{ attribute: "sequencer", absent: true, below: sequencer, oneOf: [sequencer] }]', "[]"]],
  },
  {
    name: "no-items",
    mistake: "renditions are stored without items",
    file,
    changes: [
      ["        await metadata.putRendition({", "        void ({"],
      ["        }, \n", "        }); void (\n"],
    ],
  },
  {
    name: "any-original",
    mistake: "the renditions are made of whichever original comes first",
    file,
    changes: [
      [
        "    const source = await images.read(imageId);",
        '    const source = await images.read((await images.list("raw/"))[0] ?? imageId);',
      ],
    ],
  },
  {
    name: "undecodable-retried",
    mistake: "an original that cannot be decoded fails its message",
    file,
    changes: [
      [
        "    return undecodable === undefined ? made : { ...made, undecodable };",
        "    if (undecodable !== undefined)\n        throw new Error(undecodable);\n    return made;",
      ],
    ],
  },
  {
    name: "failed-renditions-kept",
    mistake: "what was made of an undecodable original stays",
    file,
    changes: [
      [
        '            if (result.record.status === "FAILED")\n                await (0, deletion_1.removeRenditions)(ports, name, manifest);\n',
        "",
      ],
    ],
  },
  {
    name: "failed-not-finished",
    mistake: "a redelivery leaves what a dead run made of an undecodable original",
    file,
    changes: [
      [
        '            if (record.status === "FAILED")\n                await (0, deletion_1.removeRenditions)(ports, name, manifest);\n',
        "",
      ],
    ],
  },
];

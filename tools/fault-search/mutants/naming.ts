import { atSource } from "./atSource";
import type { Mutant } from "./mutant";

/** Mistakes in the functions that read and make names, which no port shows. */
export const namingMutants: Mutant[] = [
  atSource({ name: "sequencer-padded-left", mistake: "sequencers are padded on the wrong side" }),
  atSource({ name: "sequencer-unpadded", mistake: "sequencers are not padded" }),
  atSource({ name: "key-undecoded", mistake: "the key of an S3 event is used as it comes" }),
  atSource({ name: "auto-half-named", mistake: "a manifest names one of the two objects that `auto` may become" }),
  atSource({ name: "shared-unnamed", mistake: "a manifest leaves out the object that several renditions share" }),
  atSource({ name: "generation-by-content", mistake: "the same bytes have the same generation" }),
];

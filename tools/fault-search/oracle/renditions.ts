import { renditionKey } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";
import { Violation } from "./invariants";

/** The measures of a stored object; width and height, in pixels, only where it was decoded. */
export interface Measured {
  bytes: number;
  width?: number;
  height?: number;
}

/** The renditions that a record tells of are stored, as it tells of them. */
export function* violationsOfRenditions(
  { original: name, generation = "", renditions = [] }: RawRecord,
  stored: (key: string) => Measured | undefined,
): Generator<Violation> {
  for (const rendition of renditions) {
    const key = renditionKey(name, generation, rendition);
    const object = stored(key);
    if (!object) {
      yield new Violation("READY", `${name} is READY without its object ${key}`);
      continue;
    }
    const { bytes, width, height } = rendition;
    const [told, is] = [
      { bytes, width, height },
      { width, height, ...object },
    ].map(sizeText);
    if (told !== is) yield new Violation("READY", `${name}: ${key} is told to have ${told}, and has ${is}`);
  }
}

const sizeText = ({ bytes, width, height }: Measured): string => `${bytes} bytes, ${width} × ${height}`;

/** A generation that becomes READY has the renditions that it was to get. */
export function* violationsOfExpectation(before: RawRecord | undefined, after: RawRecord): Generator<Violation> {
  if (after.status !== "READY" || before?.expected === undefined) return;
  const [due, has] = [before.expected, after.renditions ?? []].map((types) =>
    types.map(({ imageType, format }) => `${imageType} as ${format}`).join(", "),
  );
  if (due !== has) yield new Violation("READY", `${after.original} is READY with "${has}", not "${due}"`);
}

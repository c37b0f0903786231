import { isDeepStrictEqual } from "node:util";
import { possibleFormats, type RenditionSpec } from "../../../handlers/imageTypes";
import { liveOf, originalKey, renditionKey } from "../../../handlers/protocol/generation";
import type { LiveGeneration, RawRecord } from "../../../handlers/records";
import { Violation } from "./invariants";

/** The measures of a stored object; width and height, in pixels, only where it was decoded. */
export interface Measured {
  bytes: number;
  width?: number;
  height?: number;
}

/** The live generation's original and renditions are stored, as the record tells of them. */
export function* violationsOfRenditions(
  record: RawRecord,
  stored: (key: string) => Measured | undefined,
): Generator<Violation> {
  const live = liveOf(record);
  if (!live) return;
  const { original: name } = record;
  const { generation = "", format = "jpeg", renditions = [] } = live;
  const original = originalKey(name, generation, format);
  if (!stored(original)) yield new Violation("READY", `${name} is READY without its object ${original}`);
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

/** ONCE: no two objects of the live generation have the same bytes, where bytes say how they were made. */
export function* violationsOfSharing(
  record: RawRecord,
  stored: (key: string) => Uint8Array | undefined,
): Generator<Violation> {
  const { generation = "", renditions = [] } = liveOf(record) ?? {};
  const keys = new Set(renditions.map((rendition) => renditionKey(record.original, generation, rendition)));
  const seen = new Map<string, string>();
  for (const key of keys) {
    const text = Buffer.from(stored(key) ?? []).toString();
    const other = seen.get(text);
    if (other !== undefined) yield new Violation("ONCE", `${record.original}: ${key} is the same as ${other}`);
    seen.set(text, key);
  }
}

const sizeText = ({ bytes, width, height }: Measured): string => `${bytes} bytes, ${width} × ${height}`;

/** A generation that becomes READY, or was backfilled, has the renditions that it was to get. */
export function* violationsOfExpectation(before: RawRecord | undefined, after: RawRecord): Generator<Violation> {
  if (after.status !== "READY" || before?.expected === undefined || after.expected) return;
  const wasReady = before.status === "READY" && before.generation === after.generation;
  const has = (after.renditions ?? []).filter(({ revision }) => !wasReady || revision === before.revision);
  const isDue = ({ imageType, format }: RenditionSpec, at: number) =>
    imageType === has[at]?.imageType && possibleFormats(format).includes(has[at].format);
  if (has.length === before.expected.length && before.expected.every(isDue)) return;
  const [due, is] = [before.expected, has].map((types: { imageType: string; format: string }[]) =>
    types.map(({ imageType, format }) => `${imageType} as ${format}`).join(", "),
  );
  yield new Violation("READY", `${after.original} is READY with "${is}", not "${due}"`);
}

/** A generation that is live stays so, as it was, until a newer one is READY, or a DELETE. */
export function* violationsOfService(before: RawRecord | undefined, after: RawRecord): Generator<Violation> {
  const was = liveOf(before);
  if (!before || !was || before.epoch !== after.epoch) return;
  const is = liveOf(after);
  const { original: name, status } = after;
  if (!is || is.generation !== was.generation) {
    if (status === "READY" && after.generation !== was.generation) return;
    yield new Violation(
      "SERVED",
      `${name} is ${status}, and does not serve its READY image ${was.generation} any more`,
    );
  } else if (!isDeepStrictEqual(...told(is, was, before.expected !== undefined && after.expected === undefined))) {
    yield new Violation("SERVED", `${name} tells otherwise of its READY image ${was.generation} than before`);
  }
}

/** All that two live generations tell, but for their renditions where these were made again. */
const told = (is: LiveGeneration, was: LiveGeneration, isRenewed: boolean): [unknown, unknown] =>
  isRenewed
    ? [plain({ ...is, renditions: undefined }), plain({ ...was, renditions: undefined })]
    : [plain(is), plain(was)];

/** Without attributes that are undefined. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

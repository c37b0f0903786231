import { HeadObjectCommand } from "@aws-sdk/client-s3";

import { errorName } from "../../../handlers/aws/errorNames";
import { possibleFormats } from "../../../handlers/imageTypes";
import { liveOf, originalKey, renditionKey } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";
import type { Target } from "../support/target";

/** The objects of one generation, by their keys. */
export interface GenerationFacts {
  generation: string;
  /** The newest one that is not READY, or the one that is served. */
  role: "newest" | "live";
  present: string[];
  /** A rendition whose format is not decided yet has its possible ones: `large/a.jpg/1.jpg or .webp`. */
  missing: string[];
}

type Bucket = Pick<Target, "s3" | "imagesBucket">;
type Recorded = Pick<RawRecord, "generation" | "format" | "renditions" | "expected">;

/** The objects that there are and those that are missing, of the live generation and of a newer one. */
export async function generationsOf(
  bucket: Bucket,
  name: string,
  record: RawRecord | undefined,
): Promise<GenerationFacts[]> {
  const newest = record?.status === "READY" ? undefined : record;
  const found = [
    await generationOf(bucket, name, "live", liveOf(record)),
    await generationOf(bucket, name, "newest", newest),
  ];
  return found.flatMap((one) => one ?? []);
}

async function generationOf(
  bucket: Bucket,
  name: string,
  role: GenerationFacts["role"],
  recorded: Recorded | undefined,
): Promise<GenerationFacts | undefined> {
  const { generation, format, renditions, expected = [] } = recorded ?? {};
  if (!generation || !format) return undefined;
  // The keys of each object, of which there is one: a format `auto` may become one or the other.
  const objects = [
    [originalKey(name, generation, format)],
    ...(renditions?.map((rendition) => [renditionKey(name, generation, rendition)]) ??
      expected.map((spec) =>
        possibleFormats(spec.format).map((possible) => renditionKey(name, generation, { ...spec, format: possible })),
      )),
  ];
  const there = await Promise.all(objects.map((keys) => firstOf(bucket, keys)));
  const missing = objects.filter((_, i) => there[i] === undefined).map(alternatives);
  return {
    generation,
    role,
    present: [...new Set(there.flatMap((key) => key ?? []))],
    missing: [...new Set(missing)],
  };
}

const alternatives = ([first = "", ...others]: string[]): string =>
  [first, ...others.map((key) => key.slice(key.lastIndexOf(".")))].join(" or ");

/** The first of some keys under which there is an object. */
async function firstOf(bucket: Bucket, keys: readonly string[]): Promise<string | undefined> {
  for (const key of keys) if (await exists(bucket, key)) return key;
  return undefined;
}

async function exists({ s3, imagesBucket }: Bucket, key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: imagesBucket, Key: key }));
    return true;
  } catch (error) {
    if (errorName(error) === "NotFound") return false;
    throw error;
  }
}

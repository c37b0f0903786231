import { namedError } from "./errors";
import { renditionKey, sha256 } from "./generation";
import { recipeOf } from "./recipes";
import type { RecordRoom } from "./recordRoom";
import { release } from "../garbage";
import type { RenditionSpec } from "../imageTypes";
import type { MakeRenditions, Rendition } from "../imagePorts";
import type { Clock, ImageMetadata, Images, Journal, Queue } from "../ports";
import type { DeleteResolutionBasedImageMessage, Preview, RawRecord, StoredRendition } from "../records";

export interface ResolutionBasedImagePutPorts {
  images: Images;
  metadata: ImageMetadata;
  deleteQueue: Queue<DeleteResolutionBasedImageMessage>;
  makeRenditions: MakeRenditions;
  room: RecordRoom;
  clock: Clock;
  journal: Journal;
}

/** The renditions of an original, in the configured order, and what only all of its bytes tell; or why it is not decoded. */
export type Made =
  | {
      renditions: StoredRendition[];
      preview: Preview;
      original: Required<Pick<RawRecord, "contentHash" | "width" | "height">>;
      undecodable?: undefined;
    }
  | { undecodable: string; cause: string };

/** Makes the renditions that a record expects, and stores them. */
export async function make(ports: ResolutionBasedImagePutPorts, record: RawRecord): Promise<Made> {
  const { original: name, imageId = "" } = record;
  const source = await ports.images.read(imageId);
  // Deleted just now, or missing although the record names it: the retry finds out which.
  if (!source) throw namedError("OriginalMissing", `${name}: its original ${imageId} is missing`);
  try {
    return await makeOf(ports, record, source);
  } finally {
    release(source);
  }
}

async function makeOf(
  { images, makeRenditions }: ResolutionBasedImagePutPorts,
  { original: name, generation = "", expected = [], focus, revision }: RawRecord,
  source: Uint8Array,
): Promise<Made> {
  const made = new Map<RenditionSpec, StoredRendition>();
  const store = async ({ spec, sameAs, format, body, ...size }: Rendition): Promise<void> => {
    const { imageType } = spec;
    const storedAs = sameAs?.imageType ?? imageType;
    const rendition = {
      imageType,
      ...(storedAs !== imageType && { storedAs }),
      format,
      bytes: body.byteLength,
      ...size,
      recipe: recipeOf(spec),
      ...(revision !== undefined && { revision }),
    };
    // `READY` is recorded only once the one that is the same is stored as well.
    if (!sameAs) await images.create(renditionKey(name, generation, rendition), body, format);
    made.set(spec, rendition);
  };
  const rendered = await makeRenditions(source, expected, store, focus);
  if (rendered.undecodable !== undefined) return rendered;
  const { preview, width, height } = rendered;
  const renditions = expected.flatMap((spec) => made.get(spec) ?? []);
  return { renditions, preview, original: { contentHash: sha256(source), width, height } };
}

import { billOf } from "../cost/bill";
import type { Declared } from "../cost/declared";
import { aMillion } from "../cost/cost";
import { declaredImageTypes } from "../cost/declaredImageTypes";
import { readMeasured, type Measured } from "../cost/measured";
import { pricesOf } from "../cost/prices";

const MAKER = "ResolutionBasedImagePutProcess";
const CLEARER = "ResolutionBasedImageDeleteProcess";
/** Images a second: the default of `--rate`. */
const USUAL_RATE = 5;

/**
 * The cost of a backfill in USD, of originals like the measured photo: the message, the read of the original, half of the
 * CPU for decoding it and the rest by the share of renditions that are made, two updates, an event, and the deletion of what is
 * replaced.
 * @param made renditions of one image, on average
 */
export function costOfBackfill(
  resources: readonly Declared[],
  { images, made }: { images: number; made: number },
): number {
  const measured = readMeasured();
  const { [MAKER]: maker, ImageEventProcess: announcer } = measured.paths.put;
  const clearer = measured.paths.delete[CLEARER];
  if (!maker || !announcer || !clearer) throw new Error(`${MAKER} was not measured: run "npx snail cost measure"`);
  // The bill scales CPU and calls to the image types that are declared.
  const share = made / (declaredImageTypes(resources) ?? []).length;
  const calls = { ...maker.calls, "s3:PutObject": share * measured.renditions.count };
  const paths: Measured["paths"] = {
    put: {
      [MAKER]: {
        ...maker,
        cpuMs: maker.cpuMs * (0.5 + 0.5 * share),
        calls: { ...calls, "dynamodb:UpdateItem": 2, "sqs:SendMessage": 2 },
      },
      ImageEventProcess: { ...announcer, invocations: 1, calls: { "events:PutEvents": 1 } },
      [CLEARER]: { ...clearer, calls: { ...clearer.calls, "dynamodb:UpdateItem": 1 } },
    },
    get: {},
    delete: {},
  };
  const { region, ...rest } = aMillion;
  const { bytes, megapixels } = measured.photo;
  const use = { ...rest, images, gets: 0, views: 0, bytes, megapixels, perSecond: USUAL_RATE };
  return billOf(resources, { ...measured, paths }, pricesOf(region), use)
    .filter(({ kind, component }) => kind === "use" && component !== "ImageApi")
    .reduce((sum, { usd }) => sum + usd, 0);
}

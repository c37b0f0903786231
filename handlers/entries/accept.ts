import { contentTypeOf, type ImageFormat } from "../imageTypes";

/**
 * The one that suits a request best: of those whose formats its `Accept` header likes most, the first. Where it likes
 * none, or is absent, the one that most programs can show.
 *
 * Browsers that show neither WebP nor AVIF ask for any image all the same, so that these two count as understood only
 * where the header names them. Quality values are those of https://www.rfc-editor.org/rfc/rfc9110#name-accept
 * @param choices in the order of preference
 */
export function bestFor<Choice extends { format: ImageFormat }>(
  accept: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  const asked = accept === undefined || accept.trim() === "" ? [{ range: "*/*", quality: 1 }] : mediaRanges(accept);
  const qualityOf = ({ format }: Choice): number => {
    const ranges = [contentTypeOf(format), ...(shownByAll.includes(format) ? ["image/*", "*/*"] : [])];
    const told = ranges.map((range) => asked.find((one) => one.range === range)).find((one) => one !== undefined);
    return told?.quality ?? 0;
  };
  const best = Math.max(...choices.map(qualityOf));
  return best > 0
    ? choices.find((choice) => qualityOf(choice) === best)
    : [...choices].sort((a, b) => compatibility.indexOf(a.format) - compatibility.indexOf(b.format))[0];
}

const shownByAll: readonly ImageFormat[] = ["jpeg", "png", "gif"];
/** Formats from the one that most programs show. */
const compatibility: readonly ImageFormat[] = ["jpeg", "png", "gif", "webp", "avif"];

/** `image/avif;q=0.9, image/*` → the media ranges in lower case, each with its quality: 0 to 1. */
function mediaRanges(accept: string): { range: string; quality: number }[] {
  return accept.split(",").map((element) => {
    const [range = "", ...parameters] = element.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    return { range, quality: quality >= 0 && quality <= 1 ? quality : 0 };
  });
}

import { imageTypeDefaults } from "../../../handlers/imageTypes";
import { canonical } from "../../embedded-aws/engine";
import { costOfBackfill } from "../backfill/estimate";
import { declaredImageTypes, type DeclaredImageType } from "../cost/declaredImageTypes";
import type { Change } from "../engine/events";
import { declaredOn } from "./declared";
import { bullet, code } from "./markdown";

/** The image types that a change adds, removes or changes, and the backfill that brings the images that are there to them. */
export function renderRenditionChanges(stack: string, changes: readonly Change[]): string[] {
  const declared = declaredOn("new", changes);
  const [before, after] = [declaredImageTypes(declaredOn("old", changes)), declaredImageTypes(declared)];
  if (!before || !after) return [];
  const [had, has] = [renditionsOf(before), renditionsOf(after)];
  const made = [...has].filter(([rendition, recipe]) => had.get(rendition) !== recipe).length;
  const isLess = [...had.keys()].some((rendition) => !has.has(rendition));
  const command = `npx snail backfill --stack ${stack}`;
  const usd = costOfBackfill(declared, { images: 1e6, made }).toFixed(2);
  const renditions = made === 1 ? "1 rendition" : `${made} renditions`;
  return [
    ...after.map((type) => renderType(findIn(before, type), type)),
    ...before.filter((type) => !findIn(after, type)).map(({ imageType }) => `**removed** ${code(imageType)}`),
    made > 0
      ? `For the images that are there: ${code(command)} makes ${renditions} of each, for ${usd} USD per million images.`
      : "",
    isLess
      ? `${code(`${command} --remove`)} removes renditions of image types and formats that are not configured any more.`
      : "",
  ]
    .filter((text) => text !== "")
    .map(bullet);
}

const findIn = (types: readonly DeclaredImageType[], { imageType }: DeclaredImageType): DeclaredImageType | undefined =>
  types.find((type) => type.imageType === imageType);

/** Empty where a type stays as it is. */
function renderType(before: DeclaredImageType | undefined, after: DeclaredImageType): string {
  const { imageType, ...properties } = after;
  if (!before) {
    const values = Object.entries(properties).map(([property, value]) => `${code(property)} ${code(show(value))}`);
    return `**added** ${code(imageType)}: ${values.join(", ")}`;
  }
  const old: DeclaredImageType = filled(before);
  const now: DeclaredImageType = filled(after);
  const values = [...new Set([...Object.keys(now), ...Object.keys(old)])]
    .map((property) => ({ property, was: show(old[property]), is: show(now[property]) }))
    .filter(({ was, is }) => was !== is)
    .map(({ property, was, is }) => `${code(property)} ${code(was)} → ${code(is)}`);
  return values.length === 0 ? "" : `**changed** ${code(imageType)}: ${values.join(", ")}`;
}

/** Each rendition with all that says how it is made, which is the same text for the same recipe. */
function renditionsOf(types: readonly DeclaredImageType[]): Map<string, string> {
  return new Map(
    types.flatMap((type) => {
      const { formats, ...recipe } = filled(type);
      return formats.map((format): [string, string] => [`${type.imageType} ${format}`, canonical(recipe)]);
    }),
  );
}

const filled = (type: DeclaredImageType) => ({ ...imageTypeDefaults, ...type });

const show = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "-" : JSON.stringify(value);

import { isDeepStrictEqual } from "node:util";
import { formatFor, imageTypeDefaults } from "../imageTypes";
import { isSame, type Target } from "./sizes";

/**
 * The targets that show the same in the same encoding, together: one object is enough for them. Of an original that is
 * smaller than several boxes these are all that fit it inside. Each comes with the first of its kind, so that every
 * delivery of a message decides alike.
 */
export function sharing(targets: readonly Target[], opaque: boolean, isAnimation = false): [Target, ...Target[]][] {
  const recipeOf = (target: Target) => recipe(target, opaque, isAnimation);
  const groups: [Target, ...Target[]][] = [];
  for (const target of targets) {
    const group = groups.find(([first]) => isDeepStrictEqual(recipeOf(first), recipeOf(target)));
    if (group) group.push(target);
    else groups.push([target]);
  }
  return groups;
}

/** All that the bytes depend on beside the original: what the box came to, and whatever else the spec says. */
function recipe({ spec, whole, size }: Target, opaque: boolean, isAnimation: boolean) {
  const animated = isAnimation && spec.animated === true;
  const position = isSame(whole, size) ? undefined : (spec.position ?? imageTypeDefaults.position);
  const format = formatFor(spec.format, opaque && !animated);
  return {
    ...spec,
    ...size,
    whole,
    position,
    format,
    animated,
    imageType: undefined,
    fit: undefined,
    enlarge: undefined,
  };
}

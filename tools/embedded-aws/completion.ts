import type { Inputs, ResourceType } from "./resourceType";
import type { Place } from "./place";

/** Adds the provider's default tags to the inputs of a type that has tags; tags that are not known yet stay unknown. */
export function withDefaultTags(type: ResourceType, inputs: Inputs, defaultTags: Inputs): Inputs {
  const own = inputs.tags ?? {};
  if (!type.properties.includes("tags") || typeof own !== "object") return inputs;
  const tags = { ...defaultTags, ...own };
  return Object.keys(tags).length === 0 ? inputs : { ...inputs, tags };
}

/** Adds the physical name where the program leaves it out. */
export function withName(type: ResourceType, inputs: Inputs, nameFor: () => unknown): Inputs {
  const property = type.autoname?.property;
  if (property === undefined || (inputs[property] ?? undefined) !== undefined) return inputs;
  return { ...inputs, [property]: nameFor() };
}

/** The id and all outputs of a resource: its region and tags, the type's defaults, the inputs, and computed values. */
export function completeState(
  token: string,
  type: ResourceType,
  resource: { name: string; inputs: Inputs; place: Place },
): { id: string; state: Inputs } {
  const given = Object.entries(resource.inputs).filter(([, value]) => value !== undefined);
  const inputs: Inputs = Object.fromEntries(given);
  const { id, ...computed } = type.outputs({ ...resource, inputs });
  const state = {
    ...(isRegional(token) ? { region: resource.place.region } : {}),
    ...(type.properties.includes("tags") ? { tagsAll: inputs.tags ?? {} } : {}),
    ...type.defaults,
    ...inputs,
    ...computed,
  };
  return { id, state };
}

/** IAM and CloudFront are global; every other type of AWS's provider has a region. */
const isRegional = (token: string): boolean => /^aws:(?!iam\/|cloudfront\/)/.test(token);

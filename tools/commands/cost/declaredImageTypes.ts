import type { Declared } from "./bill";

/** An image type as a program declares it: defaults are left out. */
export interface DeclaredImageType {
  imageType: string;
  width?: number;
  height?: number;
  formats?: readonly string[];
  [property: string]: unknown;
}

/** The image types of a program's functions; undefined where none of them has any. */
export function declaredImageTypes(resources: readonly Declared[]): DeclaredImageType[] | undefined {
  const texts = resources.flatMap(({ inputs }) => {
    const { variables } = (inputs.environment ?? {}) as { variables?: Record<string, unknown> };
    return typeof variables?.IMAGE_TYPES === "string" ? [variables.IMAGE_TYPES] : [];
  });
  return texts[0] === undefined ? undefined : (JSON.parse(texts[0]) as DeclaredImageType[]);
}

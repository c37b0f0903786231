import type { Declared } from "./declared";

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
  const text = declaredVariable(resources, "IMAGE_TYPES");
  return text === undefined ? undefined : (JSON.parse(text) as DeclaredImageType[]);
}

/** An environment variable that functions of a program share; undefined where none of them has it. */
export function declaredVariable(resources: readonly Pick<Declared, "inputs">[], name: string): string | undefined {
  const [text] = resources.flatMap(({ inputs }) => {
    const { variables } = (inputs.environment ?? {}) as { variables?: Record<string, unknown> };
    const value = variables?.[name];
    return typeof value === "string" ? [value] : [];
  });
  return text;
}

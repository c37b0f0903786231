import type { Method } from "./document";

/** A method as settings name it: `items/{id}/PUT`. */
export const methodPathOf = ({ resourcePath }: Pick<Method, "resourcePath">, httpMethod: string): string =>
  `${resourcePath.slice(1)}/${httpMethod}`;

/** The provider may write `~1` for a slash within a path, and a slash in front. */
export const settingPath = (methodPath: string): string => methodPath.replaceAll("~1", "/").replace(/^\//, "");

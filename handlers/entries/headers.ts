import type { ApiEvent } from "./api";

/** A request's header. A REST API passes names as the client wrote them. @param name in lower case */
export function headerOf({ headers }: ApiEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([written]) => written.toLowerCase() === name)?.[1];
}

import type { Method } from "./document";

interface Route {
  method: Method;
  /** Still percent-encoded. */
  pathParameters: Record<string, string>;
}

/**
 * The method that serves a request. A resource's own name goes before `{parameter}`, that before `{proxy+}`; a
 * parameter is one segment that is not empty. The method itself goes before `ANY`.
 * @param path as sent, without the stage
 */
export function findRoute(methods: Method[], httpMethod: string, path: string): Route | undefined {
  const segments = segmentsOf(path);
  const found = methods
    .filter((method) => method.httpMethod === httpMethod || method.httpMethod === "ANY")
    .flatMap((method) => {
      const pathParameters = matchPath(segmentsOf(method.resourcePath), segments);
      return pathParameters === undefined ? [] : [{ method, pathParameters }];
    });
  return found.sort((a, b) => compare(rank(a.method), rank(b.method)))[0];
}

/** A slash at the end does not make another path. */
const segmentsOf = (path: string): string[] => path.replace(/^\//, "").replace(/\/$/, "").split("/");

function matchPath(resource: string[], segments: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of resource.entries()) {
    const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
    if (name !== undefined && greedy === "+") {
      const rest = segments.slice(index).join("/");
      return rest === "" ? undefined : { ...parameters, [name]: rest };
    }
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (name !== undefined && segment !== "") parameters[name] = segment;
    else if (name !== undefined || decode(segment) !== part) return undefined;
  }
  return resource.length === segments.length ? parameters : undefined;
}

/** Undefined for text that is not percent-encoded UTF-8. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const rank = ({ resourcePath, httpMethod }: Method): string =>
  segmentsOf(resourcePath)
    .map((part) => (!part.startsWith("{") ? "0" : part.endsWith("+}") ? "2" : "1"))
    .join("") + (httpMethod === "ANY" ? "1" : "0");
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

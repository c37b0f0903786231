import type { Edge, Part } from "./shapes";

/** How often the parts are moved towards those that they have a line to: enough for them to come to rest. */
const ROUNDS = 24;

/**
 * Gives each part its row: near to those that it has a line to, and a whole row or more below the one above it in its
 * column. The queue at which images come in is in the upper half.
 */
export function withRows(parts: readonly Omit<Part, "row">[], edges: readonly Edge[]): Part[] {
  const neighbours = new Map<string, string[]>(parts.map(({ name }) => [name, []]));
  for (const { from, to } of edges) {
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const columns = [...new Set(parts.map(({ column }) => column))].map((column) =>
    parts.filter((part) => part.column === column).map(({ name }) => name),
  );
  const rows = new Map(columns.flatMap((names) => names.map((name, row) => [name, row] as const)));
  const rowOf = (name: string): number => rows.get(name) ?? 0;
  for (let round = 0; round < ROUNDS; round++)
    for (const names of columns) {
      const wished = new Map(names.map((name) => [name, mean((neighbours.get(name) ?? []).map(rowOf), rowOf(name))]));
      const wish = (name: string): number => wished.get(name) ?? 0;
      names.sort((a, b) => wish(a) - wish(b));
      let free = -Infinity;
      for (const name of names) {
        rows.set(name, Math.max(wish(name), free));
        free = rowOf(name) + 1;
      }
      // The whole column goes back up as far as it was pushed down.
      const pushed = mean(
        names.map((name) => rowOf(name) - wish(name)),
        0,
      );
      for (const name of names) rows.set(name, rowOf(name) - pushed);
    }
  const [top, bottom] = [Math.min(...rows.values()), Math.max(...rows.values())];
  const isKind = (name: string, kind: Part["kind"]): boolean =>
    parts.some((part) => part.name === name && part.kind === kind);
  const entry = edges.find(({ from, to }) => isKind(from, "bucket") && isKind(to, "queue"))?.to;
  const isUpsideDown = entry !== undefined && rowOf(entry) > (top + bottom) / 2;
  return parts.map((part) => ({ ...part, row: isUpsideDown ? bottom - rowOf(part.name) : rowOf(part.name) - top }));
}

const mean = (numbers: readonly number[], otherwise: number): number =>
  numbers.length === 0 ? otherwise : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

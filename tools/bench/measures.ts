/** User and system time of the whole process while `work` runs, in milliseconds. */
export async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
/** NaN of none. */
export const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Shown in a cell of a table. */
export type Cell = string | number;

/** Prints rows, which have the same keys, as a table of Markdown with the keys as its head, or as JSON. */
export function printRows(rows: Record<string, Cell>[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify(rows, undefined, 1));
    return;
  }
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: Cell[]) => `| ${cells.join(" | ")} |`;
  console.log([line(columns), `|${columns.map(() => "---|").join("")}`].join("\n"));
  for (const row of rows) console.log(line(columns.map((column) => row[column] ?? "")));
}

/** As a number, so that JSON has it as one. */
export const rounded = (value: number, decimals = 0): number => Number(value.toFixed(decimals));

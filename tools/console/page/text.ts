/** `3.8 MB` */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  while (value >= 1000 && units.length > 1) {
    value /= 1000;
    units.shift();
  }
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[0] ?? ""}`;
}

/** The time of day, of another day with its date. */
export function timeText(time: string): string {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString();
}

/** Where a part of the pipeline is shown. */
export const partPath = (name: string): string => `#/pipeline/${encodeURIComponent(name)}`;

/** Where the page of an image is. */
export const imagePath = (name: string): string => `#/image/${encodeURIComponent(name)}`;

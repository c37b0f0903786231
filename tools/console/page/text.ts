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

/** The time of day with milliseconds, of another day with its date: what happens to an image is often over within a second. */
export function momentText(time: string): string {
  const date = new Date(time);
  const day = date.toDateString() === new Date().toDateString() ? "" : `${date.toLocaleDateString()} `;
  return (
    day +
    date.toLocaleTimeString(undefined, {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
    })
  );
}

/** Where a part of the pipeline is shown. */
export const partPath = (name: string): string => `#/pipeline/${encodeURIComponent(name)}`;

/** Where the page of an image is. */
export const imagePath = (name: string): string => `#/image/${encodeURIComponent(name)}`;

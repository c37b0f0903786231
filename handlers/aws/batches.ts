/** A list in parts of at most `most` entries, in its order. */
export function batches<Entry>(entries: Entry[], most: number): Entry[][] {
  const parts = Array.from({ length: Math.ceil(entries.length / most) }, (_, i) => i * most);
  return parts.map((from) => entries.slice(from, from + most));
}

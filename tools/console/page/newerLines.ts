interface Line {
  time: string;
  from: string;
  text: string;
}

/**
 * The lines of a part that came since its log was asked for. Some may have come and be in the log as well, where lines
 * are in the order in which they were written: that of requests which take long differs from that of their times.
 */
export function newerLines<Kind extends Line>(came: readonly Kind[], name: string, log: readonly Kind[]): Kind[] {
  const keyOf = ({ time, text }: Line) => `${time} ${text}`;
  const known = new Set(log.map(keyOf));
  const oldest = log.at(-1)?.time ?? "";
  return came.filter((line) => line.from === name && line.time >= oldest && !known.has(keyOf(line)));
}

/** The JSON lines that `work` writes to standard output and standard error before it returns. */
export function linesOf(work: () => void): Record<string, unknown>[] {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write.bind(stream));
  const collect = (chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  };
  for (const stream of streams) stream.write = collect;
  try {
    work();
  } finally {
    for (const [i, stream] of streams.entries()) stream.write = originals[i]!;
  }
  return written
    .join("")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Sets environment variables for as long as `work` runs; undefined removes one. */
export function withEnvironment<T>(variables: Record<string, string | undefined>, work: () => T): T {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  setAll(variables);
  try {
    const result = work();
    if (!(result instanceof Promise)) {
      setAll(before);
      return result;
    }
    return result.finally(() => setAll(before)) as T;
  } catch (error) {
    setAll(before);
    throw error;
  }
}

function setAll(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

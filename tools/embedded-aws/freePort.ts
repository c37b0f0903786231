import { createServer } from "node:net";

const LAST_PORT = 65_535;

/**
 * A TCP port of 127.0.0.1 that is free now.
 * @param wanted 0 for any
 * @param taken ports that are already assigned
 * @returns the port, or undefined when the wanted one does not exist, is taken, or is reserved to administrators
 */
export async function freePort(wanted: number, ...taken: number[]): Promise<number | undefined> {
  if (wanted > LAST_PORT) return undefined;
  const port = await probe(wanted);
  return wanted === 0 && port !== undefined && taken.includes(port) ? freePort(0, ...taken) : port;
}

function probe(wanted: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : undefined));
    });
  });
}

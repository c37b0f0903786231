import { EventStream } from "../eventStream";
import { listen, type Parts } from "../server";

/** A console of nothing: what its page would call is recorded. */
export async function emptyConsole(parts: Partial<Parts> = {}, port = 0) {
  const calls: string[] = [];
  const stream = new EventStream();
  const answer = async (call: string) => {
    calls.push(call);
    return {};
  };
  const server = await listen(port, {
    stream,
    feed: { greet: () => undefined, tell: (name) => void calls.push(`tell ${name}`), close: () => undefined },
    api: () => ({
      get: (name) => answer(`get ${name}`),
      delete: (name) => answer(`delete ${name}`),
      upload: async (name, file) => answer(`upload ${name} ${await file.text()}`),
    }),
    images: () => {
      throw new Error("there are no images");
    },
    maxBytes: 10,
    deadLetters: () => ({
      list: async () => [],
      settle: async (queue, cause, act) => calls.push(`${act} ${cause} of ${queue}`),
    }),
    order: (kind, functionName) => calls.push(`fault ${kind} of ${functionName}`) > 0 && kind !== "flood",
    part: () => undefined,
    fire: (name) => calls.push(`fire ${name}`) > 0 && name === "Clock",
    history: async () => [],
    ...parts,
  });
  return {
    ...server,
    calls,
    async close() {
      stream.close();
      await server.close();
    },
  };
}

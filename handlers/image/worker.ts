/**
 * The decoder's process: the only place where native code sees what clients send. One order at a time, with its original
 * in a file; each rendition is answered as it is made. Built into one file by layer/decoder.ts.
 */
import { readFileSync } from "node:fs";
import { release } from "../garbage";
import type { Rendition } from "../imagePorts";
import { hardenSharp } from "./safety";
import { makeRenditions } from "./renditions";
import type { Answer, Order } from "./watch";

async function work({ id, specs, focus }: Order): Promise<void> {
  const original = readFileSync("original");
  try {
    const send = ({ spec, sameAs, ...made }: Rendition): void => {
      const same = sameAs && { sameAs: specs.indexOf(sameAs) };
      answer({ id, rendition: { ...made, spec: specs.indexOf(spec), ...same } });
    };
    answer({ id, rendered: await makeRenditions(original, specs, send, focus) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    answer({ id, error: { name, message } });
  } finally {
    release(original);
  }
}

/** Cannot be sent where the function has ended. */
const answer = (each: Answer) => process.send?.(each, () => undefined);

hardenSharp();
process.on("message", (order: Order) => void work(order));
// Its function ended. Not by `exit`, which would wait for what libvips is doing.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
answer({ id: 0, ready: true });

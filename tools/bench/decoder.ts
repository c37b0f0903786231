import { decoderPorts } from "../../handlers/image/decoderProcess";
import { watchedDecoder, type Usage } from "../../handlers/image/watch";
import type { MakeRenditions } from "../../handlers/imagePorts";

/** The functions' decoder in a process of its own. */
export interface BenchDecoder {
  makeRenditions: MakeRenditions;
  /** CPU of all its processes, and the most memory that was seen. */
  usage: () => Usage;
  stop: () => void;
}

/** Starts the decoder. `program`: the path of the file that `decoderProgram` makes; NODE_PATH has its packages. */
export function startDecoder(program: string): BenchDecoder {
  const ports = decoderPorts(program);
  const seen = { cpuMs: 0, memoryMiB: 0 };
  let look: () => Usage | undefined = () => undefined;
  let stop: () => void = () => undefined;
  const start = () => {
    const child = ports.start();
    let cpuMs = 0;
    look = () => {
      const now = child.usage();
      if (!now) return undefined;
      seen.cpuMs += now.cpuMs - cpuMs;
      cpuMs = now.cpuMs;
      seen.memoryMiB = Math.max(seen.memoryMiB, now.memoryMiB);
      return now;
    };
    stop = () => child.kill();
    return { ...child, usage: look };
  };
  return {
    makeRenditions: watchedDecoder({ ...ports, start }),
    usage() {
      look();
      return { ...seen };
    },
    stop: () => stop(),
  };
}

import sharp, { type Sharp } from "sharp";

/** How sharp notes its output, and its input: a path, bytes, or bytes that are pixels already. */
export interface Pipeline {
  options: { formatOut: string; input: { file?: string; buffer?: Buffer; rawWidth?: number } };
}

/** Calls `note` with each pipeline of sharp that ends in bytes while `work` runs. */
export async function watchPipelines(note: (pipeline: Pipeline) => void, work: () => Promise<unknown>): Promise<void> {
  const prototype = sharp.prototype as { toBuffer: Sharp["toBuffer"] };
  const { toBuffer } = prototype;
  prototype.toBuffer = new Proxy(toBuffer, {
    apply(target, pipeline: Pipeline, given: Parameters<Sharp["toBuffer"]>) {
      note(pipeline);
      return Reflect.apply(target, pipeline, given);
    },
  });
  try {
    await work();
  } finally {
    prototype.toBuffer = toBuffer;
  }
}

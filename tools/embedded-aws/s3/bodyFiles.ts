import { randomBytes } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, rmSync } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { Digest } from "./checksums";

/** A stretch of a body file. An object is a list of these: one for a plain PUT, one for each part of a multipart upload. */
export interface Segment {
  file: string;
  offset: number;
  length: number;
}

/** Body chunks are gathered to this size before they are written: fewer trips to the thread pool. */
const writeBytes = 1 << 20;
/** Up to this size a body is read in one piece instead of by a stream. */
const smallBytes = 128 << 10;
const readBytes = 256 << 10;

/**
 * Object bodies as files, two levels deep. A file is written once under a name that nothing knows yet, and becomes part of
 * the store only by the database row that names it; what no row names after a crash is swept away at the next start.
 */
export class BodyFiles {
  private readonly readers = new Map<string, number>();
  private readonly doomed = new Set<string>();
  /** Folders that exist for sure: making all 256 at each start costs more than a test does. */
  private readonly folders = new Set<string>();

  constructor(private readonly dir: string) {
    mkdirSync(dir, { recursive: true });
  }

  /** Writes a body to a new file while the digests see it. A body that breaks off leaves nothing behind. */
  async receive(body: Readable, digests: readonly Digest[]): Promise<{ file: string; size: number }> {
    const file = randomBytes(16).toString("hex");
    const path = this.path(file);
    this.makeFolder(dirname(path));
    const handle = await open(path, "wx");
    try {
      let size = 0;
      let pending: Uint8Array[] = [];
      let pendingBytes = 0;
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        for (const digest of digests) digest.update(chunk);
        size += chunk.length;
        pending.push(chunk);
        pendingBytes += chunk.length;
        if (pendingBytes >= writeBytes) {
          await writeAll(handle, pending, pendingBytes);
          pending = [];
          pendingBytes = 0;
        }
      }
      if (pendingBytes > 0) await writeAll(handle, pending, pendingBytes);
      await handle.close();
      return { file, size };
    } catch (error) {
      await handle.close().catch(() => undefined);
      await this.discard(file);
      throw error;
    }
  }

  /** `length` bytes of the segments from `first` on. */
  async read(segments: readonly Segment[], first: number, length: number): Promise<Uint8Array | Readable> {
    const wanted = clip(segments, first, length);
    const [only] = wanted;
    if (!only) return new Uint8Array(0);
    this.pin(wanted);
    if (wanted.length === 1 && length <= smallBytes) {
      return this.readSmall(only).finally(() => this.unpin(wanted));
    }
    const stream = wanted.length === 1 ? this.stream(only) : Readable.from(this.chunks(wanted), { objectMode: false });
    stream.once("close", () => this.unpin(wanted));
    return stream;
  }

  /** Removes files that no row names any more; one that is being read goes when its last reader has finished. */
  remove(files: readonly string[]): void {
    for (const file of files) {
      if (this.readers.has(file)) this.doomed.add(file);
      else void this.discard(file);
    }
  }

  /** Removes a file that does not belong to the store. One that cannot be removed now is swept away at the next start. */
  async discard(file: string): Promise<void> {
    await rm(this.path(file), { force: true }).catch(() => undefined);
  }

  /** Removes every file that `isUsed` does not know. To be called before the first request. */
  sweep(isUsed: (file: string) => boolean): void {
    for (const shard of readdirSync(this.dir)) {
      for (const file of readdirSync(join(this.dir, shard))) {
        if (!isUsed(file)) rmSync(join(this.dir, shard, file), { force: true });
      }
    }
  }

  private async readSmall({ file, offset, length }: Segment): Promise<Uint8Array> {
    const handle = await open(this.path(file));
    try {
      const { buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer;
    } finally {
      await handle.close();
    }
  }

  private stream(segment: Segment): Readable {
    const { file, offset, length } = segment;
    return createReadStream(this.path(file), { start: offset, end: offset + length - 1, highWaterMark: readBytes });
  }

  private async *chunks(segments: readonly Segment[]): AsyncGenerator<Uint8Array> {
    for (const segment of segments) yield* this.stream(segment) as AsyncIterable<Uint8Array>;
  }

  private pin(segments: readonly Segment[]): void {
    for (const { file } of segments) this.readers.set(file, (this.readers.get(file) ?? 0) + 1);
  }

  private unpin(segments: readonly Segment[]): void {
    for (const { file } of segments) {
      const left = (this.readers.get(file) ?? 1) - 1;
      if (left > 0) {
        this.readers.set(file, left);
        continue;
      }
      this.readers.delete(file);
      if (this.doomed.delete(file)) void this.discard(file);
    }
  }

  private makeFolder(folder: string): void {
    if (this.folders.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    this.folders.add(folder);
  }

  private path(file: string): string {
    return join(this.dir, file.slice(0, 2), file);
  }
}

async function writeAll(handle: FileHandle, chunks: Uint8Array[], bytes: number): Promise<void> {
  const { bytesWritten } = await handle.writev(chunks);
  if (bytesWritten !== bytes)
    throw new Error(`only ${bytesWritten} of ${bytes} bytes could be written: is the disk full?`);
}

/** The segments that hold `length` bytes from `first` on. */
export function clip(segments: readonly Segment[], first: number, length: number): Segment[] {
  const wanted: Segment[] = [];
  let position = 0;
  for (const segment of segments) {
    const from = Math.max(first, position);
    const to = Math.min(first + length, position + segment.length);
    if (from < to) wanted.push({ file: segment.file, offset: segment.offset + from - position, length: to - from });
    position += segment.length;
  }
  return wanted;
}

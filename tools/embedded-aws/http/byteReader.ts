import { AwsError } from "./awsError";

const truncated = (): AwsError => new AwsError(400, "IncompleteBody", "The request body terminated unexpectedly");

/** Reads lines and counted runs of bytes from a stream of buffers. */
export class ByteReader {
  private buffered: Buffer = Buffer.alloc(0);
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** One line of at most `maxLength` bytes, without its CRLF; undefined at the end of the stream. */
  async line(maxLength: number): Promise<string | undefined> {
    let end = this.buffered.indexOf("\r\n");
    while (end < 0) {
      if (this.buffered.length > maxLength) throw new AwsError(400, "InvalidRequest", "A chunk's header is too long.");
      if (!(await this.more())) {
        if (this.buffered.length > 0) throw truncated();
        return undefined;
      }
      end = this.buffered.indexOf("\r\n");
    }
    const line = this.buffered.subarray(0, end).toString("latin1");
    this.buffered = this.buffered.subarray(end + 2);
    return line;
  }

  /** Exactly `count` bytes, in the pieces in which they come. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    let missing = count;
    while (missing > 0) {
      if (this.buffered.length === 0 && !(await this.more())) throw truncated();
      const piece = this.buffered.subarray(0, missing);
      this.buffered = this.buffered.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  private async more(): Promise<boolean> {
    const next = await this.source.next();
    if (next.done) return false;
    this.buffered = this.buffered.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.buffered, next.value]);
    return true;
  }
}

import { AwsError } from "../http/awsError";
import { preconditionFailed } from "./errors";

/** Fields of the form, names in lower case, and the file that ends them. */
export interface Form {
  fields: Record<string, string>;
  /** Undefined when the file came as a field without a name. */
  fileName: string | undefined;
  /** The file's bytes, to be read once. */
  file: AsyncIterable<Uint8Array>;
}

/** "the form data and boundaries (excluding the contents of the file) cannot exceed 20 KB" (HTTPPOSTForms.html). */
const mostFormBytes = 20_480;

const malformed = (): AwsError =>
  new AwsError(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.");

/** Reads bytes up to a delimiter, holding no more of a body than one chunk and the delimiter's length. */
class DelimitedReader {
  private buffer: Buffer = Buffer.alloc(0);
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.source = body[Symbol.asyncIterator]();
  }

  /** Yields what comes before the delimiter, and takes the delimiter away. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.buffer.indexOf(delimiter);
      if (at >= 0) {
        if (at > 0) yield this.buffer.subarray(0, at);
        this.buffer = this.buffer.subarray(at + delimiter.length);
        return;
      }
      const safe = this.buffer.length - delimiter.length + 1;
      if (safe > 0) {
        yield this.buffer.subarray(0, safe);
        this.buffer = this.buffer.subarray(safe);
      }
      const next = await this.source.next();
      if (next.done) throw malformed();
      this.buffer = Buffer.concat([this.buffer, next.value]);
    }
  }

  async text(delimiter: Buffer): Promise<string> {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of this.until(delimiter)) {
      size += piece.length;
      if (size > mostFormBytes) {
        throw new AwsError(
          400,
          "MaxPostPreDataLengthExceededError",
          "Your POST request fields preceding the upload file were too large.",
        );
      }
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  }
}

const attribute = (headers: string, name: string): string | undefined =>
  new RegExp(`;\\s*${name}="([^"]*)"`, "i").exec(headers)?.[1];

/** Reads a form up to its `file` field; fields behind the file are ignored, as S3 ignores them. */
export async function readForm(contentType: string | undefined, body: AsyncIterable<Uint8Array>): Promise<Form> {
  const match = /^multipart\/form-data\s*;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? "");
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) {
    throw preconditionFailed("Bucket POST must be of the enclosure-type multipart/form-data");
  }
  const reader = new DelimitedReader(body);
  const [headerEnd, partEnd] = [Buffer.from("\r\n\r\n"), Buffer.from(`\r\n--${boundary}`)];
  const fields: Record<string, string> = {};
  await reader.text(Buffer.from(`--${boundary}`));
  for (;;) {
    const headers = await reader.text(headerEnd);
    if (headers.startsWith("--")) throw malformed();
    const name = attribute(headers, "name")?.toLowerCase();
    if (name === undefined) throw malformed();
    if (name === "file") {
      const type = /^content-type:\s*(.+)$/im.exec(headers)?.[1]?.trim();
      if (type !== undefined && fields["content-type"] === undefined) fields["file-content-type"] = type;
      return { fields, fileName: attribute(headers, "filename"), file: reader.until(partEnd) };
    }
    fields[name] = await reader.text(partEnd);
  }
}

import type { UploadLimits } from "../imageTypes";
import type { Inspection } from "../imagePorts";
import type { UploadedBytes } from "../ports";
import { inspectFile, rejection } from "./inspect";
import { bufferOf, partialFile } from "./partialFile";

/** The first part that is asked for behind the start; each further one is twice as long. */
const FIRST_PART = 65_536;
/** A header in longer parts is refused: cameras put previews and depth maps of some megabytes before the picture. */
const MOST_BYTES = 8_388_608;

/**
 * Decides whether an upload is taken in, from as little of it as the decision needs: its start, a JPEG's end, and what its
 * structure leads to before the pixels. What only the whole file tells is left to `inspectImage`. Resolves with undefined
 * where the upload is gone.
 */
export async function inspectUpload(upload: UploadedBytes, limits: UploadLimits): Promise<Inspection | undefined> {
  const { bytes, start } = upload;
  if (start.byteLength === bytes) return inspectFile(bufferOf(start), limits);
  const file = partialFile(bytes);
  file.add(0, start);
  let held = 0;
  let length = FIRST_PART;
  for (;;) {
    const inspection = inspectFile(file.bytes, limits);
    const missing = file.missing();
    if (!missing) return inspection;
    const to = Math.min(bytes, Math.max(missing.to, missing.from + length));
    held += to - missing.from;
    if (held > MOST_BYTES) {
      const most = `${MOST_BYTES / 1_048_576} MiB`;
      return rejection(
        "too-complex",
        `The file's header is longer than ${most}. Save it again as a plain JPEG or PNG.`,
      );
    }
    const part = await upload.read(missing.from, to);
    if (!part) return undefined;
    file.add(missing.from, part);
    length *= 2;
  }
}

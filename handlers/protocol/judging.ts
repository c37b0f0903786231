import { refuseName } from "./objectName";
import { detailsOf, type UploadDetails } from "./uploadDetails";
import type { UploadLimits } from "../imageTypes";
import type { Inspection, InspectImage, Upload } from "../ports";

export type Verdict =
  | (Extract<Inspection, { ok: true }> & { body: Uint8Array; details: UploadDetails })
  | { ok: false; cause: string; reason: string };

/** Whether an upload becomes an image: by its name, its size, its details, and what is in it. */
export async function judge(
  { inspect, limits }: { inspect: InspectImage; limits: UploadLimits },
  name: string,
  upload: Upload,
): Promise<Verdict> {
  const refusal = refuseName(name, limits.acceptedExtensions);
  if (refusal !== undefined) return { ok: false, cause: "name", reason: refusal };
  if (!upload.body) {
    const reason = `The image has ${upload.bytes} bytes; at most ${limits.maxBytes} are allowed. Send a smaller file.`;
    return { ok: false, cause: "too-large", reason };
  }
  const details = detailsOf(upload.userMetadata);
  if ("refused" in details) return { ok: false, cause: "metadata", reason: details.refused };
  const inspection = await inspect(upload.body, limits);
  return inspection.ok ? { ...inspection, body: upload.body, details } : inspection;
}

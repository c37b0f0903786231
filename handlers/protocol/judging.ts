import { refuseName } from "./objectName";
import { detailsOf, type UploadDetails } from "./uploadDetails";
import type { UploadLimits } from "../imageTypes";
import type { Inspection, InspectUpload } from "../imagePorts";
import type { Upload } from "../ports";

/** An upload that becomes an image has details; one that does not has a reason. */
export type Verdict =
  (Extract<Inspection, { ok: true }> & { details: UploadDetails }) | { ok: false; cause: string; reason: string };

/** Whether an upload becomes an image: by its name, its size, its details, and what is in it. Undefined where it is gone. */
export async function judge(
  { inspectUpload, limits }: { inspectUpload: InspectUpload; limits: UploadLimits },
  name: string,
  upload: Upload,
): Promise<Verdict | undefined> {
  const refusal = refuseName(name, limits.acceptedExtensions);
  if (refusal !== undefined) return { ok: false, cause: "name", reason: refusal };
  const details = detailsOf(upload.userMetadata);
  if ("refused" in details) return { ok: false, cause: "metadata", reason: details.refused };
  const inspection = await inspectUpload(upload, limits);
  return inspection?.ok ? { ...inspection, details } : inspection;
}

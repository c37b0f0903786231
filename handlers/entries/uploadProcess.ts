import { createS3Client } from "../aws/clients";
import { createPresignedUploads } from "../aws/presignedUploads";
import { uploadProcess } from "../protocol/uploadProcess";
import { apiHandler, refusal } from "./api";
import { text, uploadLimits } from "./environment";
import { createJournal } from "./journal";
import { systemClock } from "./systemClock";
import { uploadRequest } from "./uploadRequest";

/** `UploadProcess`, behind `POST /uploads`: 201 with what the client needs to send the upload, 400 for a bad request. */
export function createUploadProcess() {
  const grant = uploadProcess({
    uploads: createPresignedUploads(createS3Client(), text("TEMP_IMAGES_BUCKET")),
    limits: uploadLimits(),
    clock: systemClock(),
  });
  return apiHandler(createJournal(), async (event) => {
    const request = uploadRequest(event);
    const answer = "refused" in request ? request : await grant(request);
    return "refused" in answer ? refusal(400, "BadUpload", answer.refused) : { status: 201, body: answer };
  });
}

import { extensionOf } from "../../../../handlers/imageTypes";
import type { UploadGrant } from "../../../../handlers/protocol/uploadProcess";
import { sendGranted } from "../../support/grantedUpload";
import type { Check } from "../check";
import { formatFor, noisePicture } from "../pictures";
import { callsOfApi } from "../policy";
import type { Session } from "../session";
import { imageStatusText, settled, statusText, upload } from "../uploads";

const MB = 1024 * 1024;

/** API Gateway takes 10 MB and not more; larger uploads go straight to S3. */
export const largeBodies: Check = {
  title: "10 MB are taken, 11 MB are refused, and granted by POST /uploads",
  rights: callsOfApi,
  async run(session) {
    const { api, see, target } = session;
    const { maxBytes } = target.uploadLimits;
    const format = formatFor(target.uploadLimits);
    const name = api.name(`large.${extensionOf(format)}`);
    const body = await noisePicture(format, 10 * MB);
    await upload(session, name, body);
    const answer = await settled(session, name);
    see({
      asked: `GET ${name}`,
      expected: body.length > maxBytes ? "REJECTED" : "READY",
      seen: imageStatusText(answer),
      detail: answer.image.reason,
    });
    const larger = await api.put(api.name(`larger.${extensionOf(format)}`), new Uint8Array(11 * MB));
    see({ asked: `PUT of ${11 * MB} bytes`, expected: "413", seen: statusText(larger) });
    await sendStraight(session, api.name(`straight.${extensionOf(format)}`), await noisePicture(format, 11 * MB));
  },
};

/** Uploads by a form that the API grants. S3 refuses a file over the limit that the form states. */
async function sendStraight(session: Session, name: string, body: Uint8Array): Promise<void> {
  const { api, see, target } = session;
  const grant = await api.grant({ object: name });
  see({ asked: `POST /uploads for ${name}`, expected: "201", seen: statusText(grant), detail: grant.error.message });
  if (grant.status !== 201) return;
  const fits = body.length <= target.uploadLimits.maxBytes;
  const { status } = await sendGranted(JSON.parse(grant.text) as UploadGrant, body);
  see({ asked: `the form with ${body.length} bytes`, expected: fits ? "204" : "400", seen: String(status) });
  if (!fits || status !== 204) return;
  const answer = await settled(session, name);
  see({ asked: `GET ${name}`, expected: "READY", seen: imageStatusText(answer), detail: answer.image.reason });
}

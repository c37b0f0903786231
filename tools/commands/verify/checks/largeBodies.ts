import { extensions } from "../../../../handlers/imageTypes";
import type { Check } from "../check";
import { formatFor, noisePicture } from "../pictures";
import { callsOfApi } from "../policy";
import { imageStatusText, settled, statusText, upload } from "../uploads";

const MB = 1024 * 1024;

/** API Gateway takes 10 MB and not more. */
export const largeBodies: Check = {
  title: "10 MB are taken, 11 MB are refused",
  rights: callsOfApi,
  async run(session) {
    const { api, see, target } = session;
    const { maxBytes } = target.uploadLimits;
    const format = formatFor(target.uploadLimits);
    const name = api.name(`large.${extensions[format]}`);
    const body = await noisePicture(format, 10 * MB);
    await upload(session, name, body);
    const answer = await settled(session, name);
    see({
      asked: `GET ${name}`,
      expected: body.length > maxBytes ? "REJECTED" : "READY",
      seen: imageStatusText(answer),
      detail: answer.image.reason,
    });
    const larger = await api.put(api.name(`larger.${extensions[format]}`), new Uint8Array(11 * MB));
    see({ asked: `PUT of ${11 * MB} bytes`, expected: "413", seen: statusText(larger) });
  },
};

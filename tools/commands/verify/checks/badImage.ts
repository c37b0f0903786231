import { extensionOf } from "../../../../handlers/imageTypes";
import type { Check } from "../check";
import { formatFor } from "../pictures";
import { callsOfApi } from "../policy";
import { imageStatusText, settled, upload } from "../uploads";

/** A file that is not an image is refused with a reason, and does not count as a failure of the service. */
export const badImage: Check = {
  title: "A bad image is REJECTED",
  rights: callsOfApi,
  async run(session) {
    const { api, see, target } = session;
    const name = api.name(`bad.${extensionOf(formatFor(target.uploadLimits))}`);
    await upload(session, name, Buffer.from("This text is not an image."));
    const answer = await settled(session, name);
    const { reason, renditions = [] } = answer.image;
    see({
      asked: `GET ${name}`,
      expected: "REJECTED with a reason, 0 renditions",
      seen: `${imageStatusText(answer)} with ${reason ? "a" : "no"} reason, ${renditions.length} renditions`,
      detail: reason,
    });
  },
};

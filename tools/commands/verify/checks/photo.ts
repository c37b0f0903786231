import sharp from "sharp";

import { formatFor } from "../../../../handlers/imageTypes";
import { targetOf } from "../../../../handlers/image/sizes";
import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { phonePhoto } from "../pictures";
import { imageStatusText, settled, upload } from "../uploads";

/** The way of a photo, from the upload to renditions that can be decoded. */
export const photo: Check = {
  title: "A photo becomes READY, and each rendition has its size",
  rights: callsOfApi,
  async run(session) {
    const { api, see, target } = session;
    const name = api.name("photo.jpg");
    const body = phonePhoto();
    await upload(session, name, body);
    const answer = await settled(session, name, { slow: true });
    const { renditions = [], reason } = answer.image;
    see({ asked: `GET ${name}`, expected: "READY", seen: imageStatusText(answer), detail: reason });

    const { autoOrient } = await sharp(body).metadata();
    const expected = target.imageTypes.map((spec) => {
      const { width, height } = targetOf(autoOrient, spec).size;
      return `${spec.imageType} ${width}×${height} ${formatFor(spec.format, true)}`;
    });
    see({
      asked: "its renditions",
      expected: expected.join(", "),
      seen: renditions
        .map(({ imageType, width, height, format }) => `${imageType} ${width}×${height} ${format}`)
        .join(", "),
    });
    const decoded = await Promise.all(
      renditions.map(async ({ imageType, url }) => `${imageType} ${await decodedText(url)}`),
    );
    see({ asked: "each URL, decoded", expected: expected.join(", "), seen: decoded.join(", ") });
  },
};

/** Size and format of the picture behind a URL: `640×480 jpeg`. */
async function decodedText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) return `${response.status}`;
  // Decodes every pixel: the header of a file that breaks off is in order.
  const decoder = sharp(Buffer.from(await response.arrayBuffer()), { failOn: "truncated" });
  const [{ format }, { info }] = await Promise.all([
    decoder.metadata(),
    decoder.clone().raw().toBuffer({ resolveWithObject: true }),
  ]);
  return `${info.width}×${info.height} ${format === "heif" ? "avif" : format}`;
}

import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { acceptedPicture, imageStatusText, settled, upload } from "../uploads";

/** A second upload of a name replaces the first, and keeps the image's id. */
export const reupload: Check = {
  title: "A second upload of a name replaces the first",
  rights: callsOfApi,
  async run(session) {
    const { api, see } = session;
    const first = await acceptedPicture(session, "#a33");
    const second = await acceptedPicture(session, "#3a3");
    const name = api.name(`again.${first.end}`);
    await upload(session, name, first.body);
    const before = await settled(session, name);
    see({ asked: `GET ${name}`, expected: "READY", seen: imageStatusText(before), detail: before.image.reason });

    await upload(session, name, second.body);
    const { generation, id } = before.image;
    // The image before it is served, and is READY, until the new one is.
    const after = await settled(session, name, {
      done: ({ image }) => image.generation !== generation && ["READY", "FAILED"].includes(image.status ?? ""),
    });
    const { image } = after;
    see({
      asked: `GET ${name}`,
      expected: "READY, another generation, the same id",
      seen: [
        imageStatusText(after),
        image.generation === generation ? "the same generation" : "another generation",
        image.id === id ? "the same id" : "another id",
      ].join(", "),
      detail: image.reason,
    });
  },
};

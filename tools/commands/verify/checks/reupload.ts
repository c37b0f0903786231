import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { acceptedPicture, imageStatusText, settled, upload } from "../uploads";

/** A second upload of a name replaces the first, which is served until then, and keeps the image's id. */
export const reupload: Check = {
  title: "A second upload of a name replaces the first",
  rights: callsOfApi,
  async run(session) {
    const { api, see, wait } = session;
    const first = await acceptedPicture(session, "#a33");
    const second = await acceptedPicture(session, "#3a3");
    const name = api.name(`again.${first.end}`);
    await upload(session, name, first.body);
    const before = await settled(session, name);
    see({ asked: `GET ${name}`, expected: "READY", seen: imageStatusText(before), detail: before.image.reason });

    await upload(session, name, second.body);
    const { generation, id } = before.image;
    const told = new Set<string>();
    const ask = async () => {
      const answer = await api.get(name);
      told.add(imageStatusText(answer));
      return answer;
    };
    const after = await wait(
      `the second image of ${name}`,
      ask,
      ({ image }) => image.generation !== generation || image.pending?.status === "FAILED",
    );
    const { image } = after;
    // The image before is served until the new one is READY.
    see({
      asked: `GET ${name}, until it shows the second image`,
      expected: "READY",
      seen: [...told].join(", "),
    });
    see({
      asked: `GET ${name}`,
      expected: "READY, another generation, the same id",
      seen: [
        imageStatusText(after),
        image.generation === generation ? "the same generation" : "another generation",
        image.id === id ? "the same id" : "another id",
      ].join(", "),
      detail: image.pending?.reason ?? image.reason,
    });
  },
};

import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { acceptedPicture, imageStatusText, settled, statusText, upload } from "../uploads";

/** DELETE takes everything of an image and leaves a receipt. */
export const deletion: Check = {
  title: "DELETE removes an image, and its receipt stays",
  rights: callsOfApi,
  async run(session) {
    const { api, see, wait } = session;
    const { body, end } = await acceptedPicture(session);
    const name = api.name(`gone.${end}`);
    await upload(session, name, body);
    const stored = await settled(session, name);
    see({ asked: `GET ${name}`, expected: "READY", seen: imageStatusText(stored), detail: stored.image.reason });
    see({ asked: `DELETE ${name}`, expected: "202", seen: statusText(await api.delete(name)) });
    const receipt = await wait(
      `the deletion of ${name}`,
      () => api.get(name),
      ({ status }) => status === 410,
    );
    see({ asked: `GET ${name}`, expected: "410 Deleted", seen: statusText(receipt) });
    for (const { imageType, url } of (stored.image.renditions ?? []).slice(0, 1)) {
      const { ok, status } = await fetch(url);
      const refused = "refused";
      see({ asked: `the URL of its ${imageType}`, expected: refused, seen: ok ? String(status) : refused });
    }
  },
};

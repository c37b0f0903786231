import sharp from "sharp";

import { sharing } from "../../../../handlers/image/sharing";
import { targetOf } from "../../../../handlers/image/sizes";
import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { acceptedPicture, imageStatusText, settled, upload } from "../uploads";

/** Renditions that show the same have one object, and so the same path in their URLs. */
export const smallPicture: Check = {
  title: "A picture that fits into several boxes is stored once for them",
  rights: callsOfApi,
  async run(session) {
    const { api, see, target } = session;
    const { body, end } = await acceptedPicture(session);
    const name = api.name(`small.${end}`);
    await upload(session, name, body);
    const answer = await settled(session, name);
    const { renditions = [], reason } = answer.image;
    see({ asked: `GET ${name}`, expected: "READY", seen: imageStatusText(answer), detail: reason });

    const size = await sharp(body).metadata();
    const targets = target.imageTypes.map((spec) => targetOf(size, spec));
    const groups = sharing(targets, true).map((group) => group.map(({ spec }) => spec.imageType));
    const objects = new Map<string, string[]>();
    for (const { imageType, url } of renditions) {
      const { pathname } = new URL(url);
      objects.set(pathname, [...(objects.get(pathname) ?? []), imageType]);
    }
    const text = (shared: Iterable<string[]>): string => [...shared].map((types) => types.join(" = ")).join(", ");
    see({ asked: "its objects", expected: text(groups), seen: text(objects.values()) });
    const statuses = await Promise.all(renditions.map(async ({ url }) => (await fetch(url)).status));
    const expected = renditions.map(() => 200).join(", ");
    see({ asked: "each URL", expected, seen: statuses.join(", ") });
  },
};

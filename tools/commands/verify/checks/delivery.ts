import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { acceptedPicture, settled, upload } from "../uploads";

/** The distribution of a stack with `delivery: cloudfront`: it serves renditions, keeps and forgets them, and no original. */
export const delivery: Check = {
  title: "CloudFront, where it delivers, serves renditions and no original, and forgets what is deleted",
  rights: callsOfApi,
  async run(session) {
    const { api, see, target, wait } = session;
    const { deliveryUrl } = target;
    if (!deliveryUrl) {
      see({ asked: "delivery", expected: "presigned", seen: "presigned" });
      return;
    }
    const { body, end } = await acceptedPicture(session);
    const name = api.name(`delivered.${end}`);
    await upload(session, name, body);
    const { image } = await settled(session, name, { slow: true });
    const url = image.renditions?.[0]?.url ?? deliveryUrl;
    see({ asked: "a rendition's URL", expected: deliveryUrl, seen: url.slice(0, deliveryUrl.length), detail: url });

    const look = (): Promise<Response> => fetch(url);
    const first = await wait("the rendition", look, ({ status }) => status === 200, { slow: true });
    see({ asked: "the rendition", expected: "200", seen: String(first.status) });
    for (const [header, expected] of [
      ["x-content-type-options", "nosniff"],
      ["content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"],
    ] as const) {
      see({ asked: header, expected, seen: first.headers.get(header) ?? "none" });
    }
    const again = await wait("an edge cache to keep it", look, isHit);
    see({ asked: "the rendition again", expected: "kept", seen: isHit(again) ? "kept" : "asked for at S3" });
    const path = `/raw/${encodeURIComponent(name)}/${image.generation ?? ""}.${end}`;
    see({ asked: path, expected: "403", seen: String((await fetch(deliveryUrl + path)).status) });

    await api.delete(name);
    const gone = await wait("edge caches to forget it", look, ({ status }) => status === 403);
    see({ asked: "the rendition after its DELETE", expected: "403", seen: String(gone.status) });
  },
};

const isHit = ({ headers }: Response): boolean => /hit/i.test(headers.get("x-cache") ?? "");

import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { acceptedPicture, imageStatusText, settled, statusText } from "../uploads";
import type { Session } from "../session";

/** Names that are spelt in another way in URLs, keys, events or queue messages. A client sends `100%25` for the third. */
const odd = ["a b", "ü", "100%", "100%25", "(1)"];

/** Names keep each of their characters on the way through API Gateway, S3, its events and the functions. */
export const oddNames: Check = {
  title: "Names with spaces, signs and letters of other scripts are taken as they are",
  rights: callsOfApi,
  async run(session) {
    await Promise.all(odd.map((rest) => passes(session, rest)));
    await refusesPlus(session);
  },
};

async function passes(session: Session, rest: string): Promise<void> {
  const { api, see } = session;
  const { body, end } = await acceptedPicture(session);
  const name = api.name(`${rest}.${end}`);
  const put = await api.put(name, body);
  const got = put.status === 202 ? await settled(session, name) : put;
  const { object, reason } = got.image;
  see({
    asked: `PUT, then GET ${name}`,
    expected: "202, READY, the same name",
    seen: [statusText(put), imageStatusText(got), object === name ? "the same name" : String(object)].join(", "),
    detail: reason ?? put.error.message,
  });
}

/** API Gateway decodes a plus sign before S3 checks the signature, so that S3 refuses it; the answer must say so. */
async function refusesPlus(session: Session): Promise<void> {
  const { api, see } = session;
  const { body, end } = await acceptedPicture(session);
  const name = api.name(`a+b.${end}`);
  const put = await api.put(name, body);
  const names = put.error.message?.includes("plus sign (+)") ? ", which names the plus sign" : "";
  see({
    asked: `PUT ${name}`,
    expected: "502 StorageFailed, which names the plus sign",
    seen: statusText(put) + names,
  });
}

import { extensionOf } from "../../../handlers/imageTypes";
import type { Answer } from "./imageApiClient";
import { formatFor, plainPicture } from "./pictures";
import type { Session } from "./session";

/** How an answer is told where its status decides: `202`, or the error beside it. */
export const statusText = ({ status, error: { code } }: Answer): string =>
  code === undefined ? String(status) : `${status} ${code}`;

/** Uploads under a name of this run, and tells whether it was taken. */
export async function upload({ api, see }: Session, name: string, body: Uint8Array): Promise<Answer> {
  const answer = await api.put(name, body);
  const asked = `PUT ${name}, ${body.length} bytes`;
  see({ asked, expected: "202", seen: statusText(answer), detail: answer.error.message });
  return answer;
}

/** Asks for a name until its status is no longer on its way to another. */
export function settled(
  { api, wait }: Session,
  name: string,
  { done = isSettled, slow = false } = {},
): Promise<Answer> {
  return wait(`the status of ${name}`, () => api.get(name), done, { slow });
}

const onTheWay = ["UPLOADED", "PROCESSING", "DELETING"];

export function isSettled({ status, image }: Answer): boolean {
  return status === 200 && !onTheWay.includes(image.status ?? "");
}

/** The answer of GET in a word: the image's status, or else that of the answer. */
export const imageStatusText = (answer: Answer): string => answer.image.status ?? statusText(answer);

/** A small picture in a format that the stack accepts, with the extension for its name. */
export async function acceptedPicture({ target }: Session, colour?: string): Promise<{ body: Buffer; end: string }> {
  const format = formatFor(target.uploadLimits);
  return { body: await plainPicture(format, colour), end: extensionOf(format) };
}

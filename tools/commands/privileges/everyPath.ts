import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import { plainPicture } from "../verify/pictures";
import type { Account } from "./account";

const picture = (colour: string) => plainPicture("jpeg", colour);

/**
 * Leads images along every path of the protocol: uploads that are accepted, sent by a form, replaced, rejected, overtaken, cancelled and
 * delivered twice, questions, a deletion and a sweep.
 * @throws Error with the last lines of the log, where an image does not get to the end of its path
 * @example
 * const account = await Account.open(data);
 * await everyPath(account);
 */
export async function everyPath(account: Account): Promise<void> {
  const name = account.nextName();
  let mark = account.said.length;
  const finished = (outcome: string, original = name): Promise<void> =>
    account.heard(new RegExp(`"message":"${original}: ${outcome}`), mark);
  const answers = async (call: Promise<Response>, status: number): Promise<Response> => {
    const response = await call;
    if (response.status !== status) throw new Error(`${response.url} answered ${response.status}, not ${status}`);
    return response;
  };

  const first = await answers(account.call("PUT", name, await picture("#123")), 202);
  await finished("ready");
  const versionId = first.headers.get("x-amz-version-id") ?? "";
  await account.sendEvent(name, { versionId, sequencer: "1" });
  await finished("repeated"); // an event that comes twice

  mark = account.said.length;
  await account.call("PUT", name, await picture("#456"));
  await finished("ready");
  await finished("cleared"); // the generation before
  await account.call("PUT", name, Buffer.from("not an image"));
  await finished("rejected");

  await answers(account.ask("GET", `/images/thumbnail/${name}`), 302);
  const image = (await (await answers(account.call("GET", name), 200)).json()) as ImageStatus;
  const list = await answers(account.ask("GET", `/raw?renditions=true&prefix=${name}`), 200);
  const { images } = (await list.json()) as { images: ImageStatus[] };
  for (const { renditions } of [image, ...images]) for (const { url } of renditions) await answers(fetch(url), 200);

  const cut = account.nextName();
  const half = (await picture("#def")).subarray(0, -100);
  await account.call("PUT", cut, Buffer.concat([half, Buffer.from("ffd9", "hex")]));
  await finished("failed", cut);

  const byForm = account.nextName();
  await account.sendForm(byForm, await picture("#abc"));
  await finished("ready", byForm);

  const outrun = account.nextName();
  await account.record(outrun, { status: "READY", sequencer: "F".repeat(32) });
  await account.call("PUT", outrun, await picture("#789"));
  await finished("overtaken", outrun);
  const cancelled = account.nextName();
  await account.recordDeleted(cancelled);
  await account.storeLeftover(cancelled, account.goneVersion);
  await account.sendEvent(cancelled, { versionId: account.goneVersion, sequencer: "1" });
  await finished("cancelled", cancelled);

  mark = account.said.length;
  await answers(account.call("DELETE", name), 202);
  await finished("deleted");
  await answers(account.call("GET", name), 410);
  await answers(account.call("HEAD", name), 410);
  await account.heard(new RegExp(`"message":"${name}: announced as deleted`), mark);
  await account.writeUnreadable(account.nextName());
  await account.heard(/"message":"a change cannot be announced"/, mark);
  await account.sweep();
}

import { sha256 } from "../../../handlers/protocol/generation";
import type { Operation } from "../../fault-search";
import type { LocalService } from "../support/localService";
import type { Palette } from "./pictures";

export interface ClientsOptions {
  /** The service as it is now: it is another process after each restart. */
  service: () => LocalService | undefined;
  names: string[];
  palette: Palette;
  history: Operation[];
  random: () => number;
  /** Milliseconds on the clock of `history`. */
  now: () => number;
}

/** One client: does one thing after another to random names until `signal` aborts. */
export async function client(options: ClientsOptions, signal: AbortSignal): Promise<void> {
  const { names, palette, random } = options;
  while (!signal.aborted) {
    const name = names[Math.floor(random() * names.length)] ?? "";
    const dice = random();
    if (dice < 0.2) await act(options, name);
    else if (dice < 0.32) await act(options, name, { body: Buffer.from(`no image ${random()}`), outcome: "REJECTED" });
    else await act(options, name, { body: palette.pick(random()), outcome: "READY" });
    await new Promise((resolve) => setTimeout(resolve, random() * 150));
  }
}

/** Uploads a picture, or deletes the name. */
async function act(
  { service, history, now }: ClientsOptions,
  name: string,
  picture?: { body: Buffer; outcome: "READY" | "REJECTED" },
): Promise<void> {
  const target = service();
  if (!target) {
    await new Promise((resolve) => setTimeout(resolve, 100)); // it is being restarted
    return;
  }
  const operation: Operation = {
    kind: picture ? "put" : "delete",
    name,
    start: now(),
    end: Infinity,
    acknowledged: false,
    upload: picture && { contentHash: sha256(picture.body), outcomes: [picture.outcome] },
  };
  history.push(operation);
  try {
    const response = picture ? await target.put(name, picture.body) : await target.delete(name);
    const answer = await response.text();
    operation.acknowledged = response.status === 202;
    if (operation.upload) operation.upload.versionId = response.headers.get("x-amz-version-id") ?? undefined;
    // A DELETE of an unknown name did nothing; anything but 202 and 404 may have done anything.
    if (response.status === 404 && !picture) history.splice(history.indexOf(operation), 1);
    else if (response.status !== 202 && response.status < 500) {
      throw new Unexpected(`${operation.kind} ${name} was answered ${response.status}: ${answer}`);
    }
    if (response.status === 202) operation.end = now();
  } catch (error) {
    if (error instanceof Unexpected) throw error;
    // The service was killed during the request: it may have taken effect, or not.
  }
}

/** An answer that no fault explains. */
class Unexpected extends Error {}

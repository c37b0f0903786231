import { sha256 } from "../../../handlers/protocol/generation";
import type { LocalService } from "../support/localService";
import type { Operation } from "./history";
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
    if (dice < 0.2) await act(options, { name, kind: "delete" });
    else if (dice < 0.32) await act(options, { name, kind: "put-bad" }, Buffer.from(`no image ${random()}`));
    else await act(options, { name, kind: "put" }, palette.pick(random()));
    await new Promise((resolve) => setTimeout(resolve, random() * 150));
  }
}

async function act(
  { service, history, now }: ClientsOptions,
  { name, kind }: Pick<Operation, "name" | "kind">,
  body?: Buffer,
): Promise<void> {
  const target = service();
  if (!target) {
    await new Promise((resolve) => setTimeout(resolve, 100)); // it is being restarted
    return;
  }
  const operation: Operation = { name, kind, startedAt: now(), acknowledged: false };
  if (kind === "put" && body) operation.contentHash = sha256(body);
  history.push(operation);
  try {
    const response = body ? await target.put(name, body) : await target.delete(name);
    const answer = await response.text();
    operation.acknowledged = response.status === 202;
    if (response.headers.get("x-amz-version-id")) {
      operation.versionId = response.headers.get("x-amz-version-id") ?? undefined;
    }
    // A DELETE of an unknown name did nothing; anything but 202 and 404 may have done anything.
    if (response.status === 404 && kind === "delete") history.splice(history.indexOf(operation), 1);
    else if (response.status !== 202 && response.status < 500) {
      throw new Unexpected(`${kind} ${name} was answered ${response.status}: ${answer}`);
    }
    if (response.status === 202) operation.endedAt = now();
  } catch (error) {
    if (error instanceof Unexpected) throw error;
    // The service was killed under the request: whether it took effect nobody knows.
  }
}

/** An answer that no fault explains. */
class Unexpected extends Error {}

import type { MessageContext } from "../../../handlers/entries/perMessage";
import type { Condition, RawUpdate, RecordSet } from "../../../handlers/ports";
import type { RawRecord } from "../../../handlers/records";
import { handlers, type Handlers } from "../world/deployedHandlers";
import type { Mutant } from "./mutant";

/** The handlers that are functions of ports. */
export type HandlerName = Exclude<keyof Handlers, "perMessage" | "watchedDecoder">;
/** The ports of all handlers. */
export type Ports = Parameters<Handlers["rawImagePutProcess"]>[0] &
  Parameters<Handlers["resolutionBasedImagePutProcess"]>[0] &
  Parameters<Handlers["rawImageDeleteProcess"]>[0] &
  Parameters<Handlers["resolutionBasedImageDeleteProcess"]>[0] &
  Parameters<Handlers["rawImageGetProcess"]>[0] &
  Parameters<Handlers["sweepProcess"]>[0] &
  Parameters<Handlers["imageEventProcess"]>[0];
/** Verbs that replace those of the given ports; ports and verbs that are left out stay as they are. */
export type Changes = {
  [Port in keyof Ports]?: Ports[Port] extends (...input: never[]) => unknown ? Ports[Port] : Partial<Ports[Port]>;
};

type Work = (input: never, context?: MessageContext) => Promise<unknown>;

/**
 * A mutant that sees other ports than it was given: a call is not made, or in another order, or with other data. It
 * stays right however the handlers are written.
 *
 * @param change is called for each message or request, so that what it remembers belongs to one.
 */
export function atPorts(
  names: HandlerName | HandlerName[],
  { name, mistake, equivalent }: Omit<Mutant, "load">,
  change: (ports: Ports, strike: () => void) => Changes,
): Mutant {
  return {
    name,
    mistake,
    equivalent,
    load(strike) {
      const mutated = (typeof names === "string" ? [names] : names).map((handler) => {
        const make = handlers[handler] as (ports: Ports) => Work;
        const changed = (ports: Ports) => (input: never, context?: MessageContext) =>
          make(merged(ports, change(ports, strike)))(input, context);
        return [handler, changed];
      });
      return { ...handlers, ...(Object.fromEntries(mutated) as Partial<Handlers>) };
    },
  };
}

function merged(ports: Ports, changes: Changes): Ports {
  const result: Record<string, unknown> = { ...ports };
  for (const [port, change] of Object.entries(changes)) {
    result[port] = typeof change === "function" ? change : Object.assign({}, result[port], change);
  }
  return result as unknown as Ports;
}

/** A mutant that changes the record's updates. `change` returns undefined for an update that it leaves alone. */
export function atUpdates(
  names: HandlerName | HandlerName[],
  about: Omit<Mutant, "load">,
  change: (update: RawUpdate) => RawUpdate | undefined,
): Mutant {
  return atPorts(names, about, ({ metadata }, strike) => ({
    metadata: {
      updateRaw: (name, update) => {
        const changed = change(update);
        if (changed) strike();
        return metadata.updateRaw(name, changed ?? update);
      },
    },
  }));
}

/** The update without its conditions on an attribute; undefined where it has none. */
export function without(update: RawUpdate, attribute: keyof RawRecord): RawUpdate | undefined {
  const when = update.when.filter((condition: Condition<RawRecord>) => condition.attribute !== attribute);
  return when.length === update.when.length ? undefined : { ...update, when };
}

/** The update without the removal of an attribute; undefined where it removes no such one. */
export function keeping(update: RawUpdate, attribute: keyof RawRecord): RawUpdate | undefined {
  if (!update.remove?.includes(attribute)) return undefined;
  return { ...update, remove: update.remove.filter((removed) => removed !== attribute) };
}

export const adds = ({ sets }: RawUpdate, set: RecordSet): string[] => sets?.[set]?.add ?? [];
export const removes = ({ sets }: RawUpdate, set: RecordSet): string[] => sets?.[set]?.remove ?? [];

/** The update without its change of a set; undefined where it changes no such one. */
export function leaving(update: RawUpdate, set: RecordSet): RawUpdate | undefined {
  if (adds(update, set).length + removes(update, set).length === 0) return undefined;
  return { ...update, sets: { ...update.sets, [set]: {} } };
}

/** No upload of a name is listed. */
export const noUploadListed = (strike: () => void): Changes => ({
  temp: {
    versions: () => {
      strike();
      return Promise.resolve([]);
    },
  },
});

/** The update without the upload that it puts among those that were judged; undefined where it puts none there. */
export function forgetting(update: RawUpdate): RawUpdate | undefined {
  const { judged } = update.set ?? {};
  return judged && { ...update, set: { ...update.set, judged: judged.slice(0, -1) } };
}

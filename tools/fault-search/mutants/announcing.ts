import type { RecordChange } from "../../../handlers/protocol/announcing";
import type { ImageEvent } from "../../../handlers/records";
import { handlers } from "../world/deployedHandlers";
import { atPorts } from "./atPorts";
import type { Mutant } from "./mutant";
import { withoutSharing } from "./telling";

const announcing = "imageEventProcess";

/** The bus gets other events than the function sends; `change` returns undefined where it leaves them alone. */
function sending(about: Omit<Mutant, "load">, change: (event: ImageEvent) => ImageEvent[] | undefined): Mutant {
  return atPorts(announcing, about, ({ events }, strike) => ({
    events: {
      put: (...due) =>
        events.put(
          ...due.flatMap((event) => {
            const changed = change(event);
            if (changed) strike();
            return changed ?? [event];
          }),
        ),
    },
  }));
}

/** The function sees changes as `view` alters them; undefined where it leaves them alone. */
function seeing(about: Omit<Mutant, "load">, view: (change: RecordChange) => RecordChange | undefined): Mutant {
  return {
    ...about,
    load: (strike) => ({
      ...handlers,
      imageEventProcess: (ports) => (changes) =>
        handlers.imageEventProcess(ports)(
          changes.map((change) => ({
            ...change,
            read: () => {
              const seen = view(change.read());
              if (seen) strike();
              return seen ?? change.read();
            },
          })),
        ),
    }),
  };
}

const told = ({ name, detail }: ImageEvent, more: Partial<ImageEvent["detail"]>): ImageEvent[] => [
  { name, detail: { ...detail, ...more } },
];

/** Mistakes in what is announced. */
export const announcingMutants: Mutant[] = [
  sending({ name: "ready-announced-early", mistake: "an image is announced as READY when it is recorded" }, (event) =>
    event.name === "uploaded" ? [event, { ...event, name: "ready" }] : undefined,
  ),
  sending({ name: "placeholder-untold-to-bus", mistake: "an image is announced without its placeholder" }, (event) =>
    event.detail.placeholder === undefined ? undefined : told(event, { placeholder: undefined }),
  ),
  seeing(
    { name: "backfill-untold-to-bus", mistake: "renditions that a backfill made are not announced" },
    ({ before, after }) =>
      before?.revision !== undefined && after?.revision !== undefined && after.generation === before.generation
        ? { before: { ...before, renditions: after.renditions }, after }
        : undefined,
  ),
  seeing(
    { name: "backfills-alike", mistake: "an image that is backfilled has the id of its first announcement" },
    ({ before, after }) =>
      after?.revision === undefined ? undefined : { before, after: { ...after, revision: undefined } },
  ),
  sending(
    { name: "deletion-announced-as-cleared", mistake: "a deletion is announced as cleared while objects are left" },
    (event) => (event.detail.cleared === false ? told(event, { cleared: true }) : undefined),
  ),
  seeing(
    { name: "given-up-is-final", mistake: "an image that is made after it was given up is not announced" },
    (change) => (change.before?.givenUp ? { ...change, after: undefined } : undefined),
  ),
  seeing(
    { name: "overtaken-deletion-untold", mistake: "a DELETE that a new upload follows is not announced" },
    (change) =>
      change.before?.status === "DELETING" && change.after?.status === "PROCESSING"
        ? { ...change, before: { ...change.before, status: "DELETED" } }
        : undefined,
  ),
  seeing(
    {
      name: "shared-announced-as-own",
      mistake: "a rendition that shares an object is announced under a key of its own",
    },
    ({ before, after }) => {
      const renditions = withoutSharing(after?.renditions);
      return after && renditions && { before, after: { ...after, renditions } };
    },
  ),
  seeing({ name: "live-announced-again", mistake: "a rejection announces the live generation again" }, (change) =>
    change.after?.rejectedSequencer !== change.before?.rejectedSequencer && change.before?.generation !== undefined
      ? { ...change, before: undefined }
      : undefined,
  ),
  seeing({ name: "rejection-untold-to-bus", mistake: "a rejection over a good image is not announced" }, (change) =>
    change.after?.rejectedReason !== undefined && change.after.generation !== undefined
      ? { before: { ...change.after, status: "PROCESSING" }, after: change.after }
      : undefined,
  ),
  atPorts(
    announcing,
    { name: "event-id-by-time", mistake: "an event that is sent again has another id" },
    ({ events }, strike) => ({
      events: {
        put: (...due) => {
          strike();
          const id = String(performance.now());
          return events.put(...due.flatMap((event) => told(event, { eventId: event.detail.eventId + id })));
        },
      },
    }),
  ),
  sending({ name: "deletions-alike", mistake: "all deletions of a name have one id" }, (event) =>
    event.name === "deleted" ? told(event, { eventId: `deleted ${event.detail.object}` }) : undefined,
  ),
  sending({ name: "failures-alike", mistake: "an image that was given up and failed for good has one id" }, (event) =>
    event.name === "failed" ? told(event, { eventId: `failed ${event.detail.generation}` }) : undefined,
  ),
  atPorts(
    announcing,
    { name: "refused-entry-swallowed", mistake: "an event that the bus refused counts as announced" },
    ({ events }, strike) => ({
      events: {
        put: async (...due) => {
          const outcomes = await events.put(...due);
          if (outcomes.some((refusal) => refusal)) strike();
          return outcomes.map(() => undefined);
        },
      },
    }),
  ),
  atPorts(
    announcing,
    { name: "failed-request-swallowed", mistake: "a failed request counts as announced" },
    ({ events }, strike) => ({
      events: {
        put: (...due) =>
          events.put(...due).catch(() => {
            strike();
            return [];
          }),
      },
    }),
  ),
  atPorts(
    announcing,
    { name: "unreadable-change-dropped", mistake: "a change that cannot be read leaves no dead letter" },
    (_, strike) => ({ deadLetters: { bury: () => Promise.resolve().then(strike) } }),
  ),
  atPorts(
    announcing,
    { name: "unreadable-change-retried", mistake: "a change that cannot be read is tried for ever" },
    (_, strike) => ({
      deadLetters: {
        bury: () => {
          strike();
          return Promise.reject(new Error("no dead letters"));
        },
      },
    }),
  ),
];

import { PutEventsCommand, type EventBridgeClient, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { deliveryPath } from "./deliveryUrls";
import { errorName } from "./errorNames";
import type { ImageEvents } from "../ports";
import type { ImageEvent, Refusal } from "../records";

/** The `source` of all events of this service. */
const SOURCE = "snail-images";
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;
/** "The total entry size must be less than 256KB": https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const MOST_BYTES = 250_000;

/** The codes of entries that no retry can mend; denials can be mended by a policy, and are tried again. */
const hopeless = ["InvalidArgument", "MalformedDetail", "ValidationException"];

type Outcome = Refusal | undefined;

/**
 * An event bus. Needs `events:PutEvents` on it.
 *
 * @param deliveryUrl where renditions are served, without a path; without it an event tells their keys alone, since a
 *   presigned URL would have expired before some receivers read it
 */
export function createImageEvents(
  client: Pick<EventBridgeClient, "send">,
  bus: string,
  deliveryUrl: string | undefined,
): ImageEvents {
  const send = async (entries: PutEventsRequestEntry[]): Promise<Outcome[]> => {
    try {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
      // An answer of 200 may be about entries that failed, and the SDK does not repeat these.
      return entries.map((_, index) => {
        const { ErrorCode: cause, ErrorMessage = "" } = Entries[index] ?? { ErrorCode: "NoAnswer" };
        return cause === undefined ? undefined : refusalOf(cause, ErrorMessage);
      });
    } catch (error) {
      const refusal = refusalOf(errorName(error), String(error));
      // A request that is not valid says nothing of its entries: each is tried alone.
      if (!refusal.poison || entries.length === 1) return entries.map(() => refusal);
      return inTurn(
        entries.map((entry) => [entry]),
        send,
      );
    }
  };
  return { put: (...events) => inTurn(requestsOf(events.map((event) => entryOf(event, bus, deliveryUrl))), send) };
}

function refusalOf(cause: string, message: string): Refusal {
  return { cause, reason: `EventBridge did not take an event: ${cause}: ${message}`, poison: hopeless.includes(cause) };
}

/** Stops at a request of which an entry may be taken later: the order of events is kept as far as that goes. */
async function inTurn<Entry>(requests: Entry[][], send: (entries: Entry[]) => Promise<Outcome[]>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const entries of requests) {
    const isStopped = outcomes.some((outcome) => outcome?.poison === false);
    outcomes.push(...(isStopped ? entries.map(() => NOT_TRIED) : await send(entries)));
  }
  return outcomes;
}

const NOT_TRIED: Refusal = { cause: "NotTried", reason: "an event before it was not taken", poison: false };

function entryOf(
  { name, detail }: ImageEvent,
  EventBusName: string,
  deliveryUrl: string | undefined,
): PutEventsRequestEntry {
  const Time = new Date(detail.at);
  const renditions =
    deliveryUrl === undefined
      ? detail.renditions
      : detail.renditions?.map((rendition) => ({ ...rendition, url: deliveryUrl + deliveryPath(rendition.key) }));
  return { EventBusName, Source: SOURCE, DetailType: name, Detail: JSON.stringify({ ...detail, renditions }), Time };
}

/** Entries in as few requests as their number and size allow. */
function requestsOf(entries: PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const requests: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.Detail ?? "") + SOURCE.length + 32;
    const last = requests.at(-1);
    if (last && last.length < MOST_ENTRIES && bytes + size <= MOST_BYTES) {
      last.push(entry);
      bytes += size;
    } else {
      requests.push([entry]);
      bytes = size;
    }
  }
  return requests;
}

import type { ConsoleEvents } from "../shapes.ts";
import { readDetails, readPart } from "./calls.ts";
import { followDeadLetters } from "./deadLetters.ts";
import { change, state } from "./state.ts";

const MOST_LINES = 500;

/** Follows the service. The browser connects again by itself, and each connection begins with all that there is. */
export function follow(): void {
  const events = new EventSource("/events");
  events.onerror = () => change({ connected: false });
  on(events, "hello", ({ images, pipeline, ...service }) => {
    change({ connected: true, service, pipeline, images: new Map(images.map((image) => [image.name, image])) });
    showDetails();
  });
  on(events, "image", (image) => {
    state.images.set(image.name, image);
    change();
    if (state.details?.name === image.name) showDetails();
  });
  on(events, "pipeline", (pipeline) => {
    change({ pipeline });
    followDeadLetters();
  });
  on(events, "line", (line) => change({ lines: [line, ...state.lines].slice(0, MOST_LINES) }));
}

function on<Name extends keyof ConsoleEvents>(
  events: EventSource,
  name: Name,
  act: (event: ConsoleEvents[Name]) => void,
): void {
  events.addEventListener(name, ({ data }) => act(JSON.parse(String(data)) as ConsoleEvents[Name]));
}

/** Reads what the page of an image, or of a part of the pipeline, shows, where one is open. */
export function showDetails(): void {
  const [pipeline, part] = /^#\/pipeline(?:\/(.+))?$/.exec(location.hash) ?? [];
  change({ showsPipeline: pipeline !== undefined });
  followDeadLetters();
  showPart(part === undefined ? undefined : decodeURIComponent(part));
  const [, encoded] = /^#\/image\/(.+)$/.exec(location.hash) ?? [];
  if (encoded === undefined) {
    change({ details: undefined });
    return;
  }
  const name = decodeURIComponent(encoded);
  if (state.details?.name !== name) change({ details: { name, history: [] } });
  readDetails(name).then(
    (details) => {
      if (state.details?.name === name) change({ details: { ...details, name } });
    },
    (error: unknown) => change({ notice: String(error) }),
  );
}

function showPart(name: string | undefined): void {
  change({ part: name === undefined ? undefined : { name } });
  if (name === undefined) return;
  readPart(name).then(
    (part) => {
      if (state.part?.name === name) change({ part: { ...part, name } });
    },
    (error: unknown) => change({ notice: String(error) }),
  );
}

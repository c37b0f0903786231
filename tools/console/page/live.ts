import type { ConsoleEvents } from "../shapes.ts";
import { readDetails } from "./calls.ts";
import { change, state } from "./state.ts";

const MOST_LINES = 500;

/** Follows the service. The browser connects again by itself, and each connection begins with all that there is. */
export function follow(): void {
  const events = new EventSource("/events");
  events.onerror = () => change({ connected: false });
  on(events, "hello", ({ images, ...service }) => {
    change({ connected: true, service, images: new Map(images.map((image) => [image.name, image])) });
    showDetails();
  });
  on(events, "image", (image) => {
    state.images.set(image.name, image);
    change();
    if (state.details?.name === image.name) showDetails();
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

/** Reads what the page of an image shows, where one is open. */
export function showDetails(): void {
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

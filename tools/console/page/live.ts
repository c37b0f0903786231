import type { ConsoleEvents, PipelineNow } from "../shapes.ts";
import { readDetails, readPart } from "./calls.ts";
import { followDeadLetters } from "./deadLetters.ts";
import { change, state } from "./state.ts";

const MOST_LINES = 500;
/** For how long a part shows that something has happened there, in milliseconds: work may take less than an eye needs. */
const AFTERGLOW = 900;

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
    glow(movedBetween(state.pipeline, pipeline));
    change({ pipeline });
    followDeadLetters();
  });
  on(events, "line", (line) => change({ lines: [line, ...state.lines].slice(0, MOST_LINES) }));
}

/** The parts at which something happened between two moments. */
function movedBetween(before: PipelineNow | undefined, { functions, apis }: PipelineNow): string[] {
  const ended = Object.entries(functions).filter(
    ([name, { ended }]) => ended > (before?.functions[name]?.ended ?? ended),
  );
  const answered = Object.entries(apis).filter(
    ([name, { requests }]) => requests > (before?.apis[name]?.requests ?? requests),
  );
  return [...ended, ...answered].map(([name]) => name);
}

function glow(names: readonly string[]): void {
  if (names.length === 0) return;
  change({ moved: new Set([...state.moved, ...names]) });
  setTimeout(() => change({ moved: new Set([...state.moved].filter((name) => !names.includes(name))) }), AFTERGLOW);
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
  if (state.details?.name !== name) change({ details: { name } });
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

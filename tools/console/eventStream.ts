import type { ServerResponse } from "node:http";

import type { ConsoleEvents } from "./shapes";

/** The pages that listen, by server-sent events. */
export class EventStream {
  private readonly pages = new Set<ServerResponse>();
  private readonly beat = setInterval(() => this.write(": still here\n\n"), 15_000).unref();

  add(page: ServerResponse): void {
    page.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    page.write("retry: 500\n\n"); // a restart takes seconds, and the page waits for it
    this.pages.add(page);
    page.once("close", () => this.pages.delete(page));
  }

  get listening(): boolean {
    return this.pages.size > 0;
  }

  /** @param to one page; by default all that listen */
  send<Name extends keyof ConsoleEvents>(name: Name, event: ConsoleEvents[Name], to?: ServerResponse): void {
    const text = `event: ${name}\ndata: ${JSON.stringify(event)}\n\n`;
    if (to) to.write(text);
    else this.write(text);
  }

  close(): void {
    clearInterval(this.beat);
    for (const page of this.pages) page.destroy();
  }

  private write(text: string): void {
    for (const page of this.pages) page.write(text);
  }
}

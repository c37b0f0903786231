import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import type { Browser, Page } from "playwright-core";

import { LocalService } from "../../tools/commands";
import { photo, temporaryFolder } from "../e2e/support";
import { launchChromium } from "./chromium";

/** Shows an image, and reads its bytes, which only a page of an allowed origin can. */
const script = `async function show(url) {
  const image = document.body.appendChild(new Image());
  image.crossOrigin = "anonymous"; // else the browser keeps an answer that a later fetch may not read
  image.src = url;
  await image.decode();
  const bytes = (await (await fetch(url)).blob()).size;
  return { width: image.naturalWidth, height: image.naturalHeight, bytes };
}`;

/** Serves an empty page with this script, at an origin of its own. */
async function servePages(): Promise<{ server: Server; origin: string }> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>a page</title><body></body><script>${script}</script>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("a page of another origin, in a real browser", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  let pages: Awaited<ReturnType<typeof servePages>>;
  let others: Awaited<ReturnType<typeof servePages>>;
  let service: LocalService;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [pages, others] = await Promise.all([servePages(), servePages()]);
    const flags = ["-c", "apiAuth=none", "-c", `allowedOrigins=${JSON.stringify([pages.origin])}`];
    service = await LocalService.start({ data, flags });
    browser = await launchChromium();
    page = await browser.newPage();
  });
  after(async () => {
    await browser.close();
    await service.stop();
    for (const { server } of [pages, others]) server.close();
  });

  /** Uploads by a form as a page does, from where the page is. */
  const upload = (name: string, body: Buffer) =>
    page.evaluate(
      async ({ api, object, base64 }) => {
        const granted = await fetch(`${api}/uploads`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ object }),
        });
        const { url, fields } = (await granted.json()) as { url: string; fields: Record<string, string> };
        const form = new FormData();
        for (const [field, value] of Object.entries(fields)) form.append(field, value);
        form.append("file", new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
        return (await fetch(url, { method: "POST", body: form })).status;
      },
      { api: service.endpoints.api, object: name, base64: body.toString("base64") },
    );
  const put = (name: string, body: Buffer) =>
    page.evaluate(
      async ({ url, base64 }) => {
        const response = await fetch(url, {
          method: "PUT",
          body: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
        });
        return { status: response.status, etag: response.headers.get("etag") };
      },
      { url: `${service.endpoints.api}/raw/${name}`, base64: body.toString("base64") },
    );

  it("uploads a photo by a form, waits until it is READY, and shows a rendition", async () => {
    await page.goto(pages.origin);
    expect(await upload("page.jpg", photo("p12-o6p3n.jpg"))).to.equal(204);
    const small = await page.evaluate(async (url) => {
      for (;;) {
        const image = (await (await fetch(url)).json()) as {
          status: string;
          renditions: { imageType: string; url: string }[];
        };
        if (image.status === "READY") {
          return image.renditions.find(({ imageType }) => imageType === "small")!.url;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }, `${service.endpoints.api}/raw/page.jpg`);
    const shown = await page.evaluate<{ width: number; height: number; bytes: number }>(
      `show(${JSON.stringify(small)})`,
    );
    expect(shown).to.include({ width: 480, height: 640 });
    expect(shown.bytes).to.be.above(1000);
  });

  it("uploads by PUT, reads the entity tag, and deletes", async () => {
    await page.goto(pages.origin);
    const { status, etag } = await put("put.jpg", photo("p12.jpg"));
    expect(status).to.equal(202);
    expect(etag).to.match(/^"[0-9a-f]{32}"$/);
    const url = `${service.endpoints.api}/raw/put.jpg`;
    expect(await page.evaluate(async (at) => (await fetch(at, { method: "DELETE" })).status, url)).to.equal(202);
  });

  it("reads errors of functions and of API Gateway", async () => {
    await page.goto(pages.origin);
    const statuses = await page.evaluate(async (api) => {
      const paths = ["/raw/unknown.jpg", "/nowhere"];
      return Promise.all(paths.map(async (path) => (await fetch(api + path)).status));
    }, service.endpoints.api);
    expect(statuses).to.deep.equal([404, 403]);
  });

  it("can do none of it where its origin is not allowed", async () => {
    await page.goto(others.origin);
    for (const attempt of [() => upload("no.jpg", photo("p12.jpg")), () => put("no.jpg", photo("p12.jpg"))])
      expect(String(await attempt().catch((error: unknown) => error))).to.include("Failed to fetch");
    expect((await service.get("no.jpg")).status).to.equal(404);
  });
});

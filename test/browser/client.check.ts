import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { expect } from "chai";
import { build, type BuildOptions } from "esbuild";
import type { Browser, Page } from "playwright-core";

import type { ImageClient, ImageClientOptions, ImageServiceError } from "../../client";
import { LocalService } from "../../tools/commands";
import { photo, temporaryFolder } from "../e2e/support";
import { launchChromium } from "./chromium";

const root = join(__dirname, "../..");

/** The client, as the scripts of a page know it. */
declare const client: { ImageClient: typeof ImageClient; ImageServiceError: typeof ImageServiceError };

/** TypeScript as one script for a page. */
async function bundled(contents: string, options: BuildOptions): Promise<string> {
  const stdin = { contents, resolveDir: root };
  const { outputFiles } = await build({ ...options, stdin, bundle: true, write: false });
  return outputFiles.map(({ text }) => text).join("");
}

/** The second example of the client's README. */
function exampleForPages(): string {
  const text = readFileSync(join(root, "client/README.md"), "utf8");
  return [...text.matchAll(/```ts\n(.*?)```/gs)][1]?.[1] ?? "";
}

describe("the client in a page, in a real browser", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  const files: Record<string, string> = {
    "/": '<!doctype html><input type="file"><progress value="0"></progress><img><script type="module" src="page.js"></script>',
  };
  let server: Server;
  let service: LocalService;
  let browser: Browser;
  let page: Page;

  before(async () => {
    server = createServer(({ url = "" }, response) => {
      response.setHeader("content-type", url.endsWith(".js") ? "text/javascript" : "text/html");
      response.end(files[url]);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    service = await LocalService.start({ data, flags: ["-c", `allowedOrigins=${JSON.stringify([origin])}`] });
    const { api, region } = service.endpoints;
    files["/settings.json"] = JSON.stringify({ url: api, auth: { region, keys: service.keys } });
    files["/page.js"] = await bundled(exampleForPages(), { format: "esm" });
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(origin);
    await page.addScriptTag({
      content: await bundled('export * from "./client"', { format: "iife", globalName: "client" }),
    });
  });
  after(async () => {
    await browser.close();
    await service.stop();
    server.close();
  });

  it("runs the README's example: signs, uploads a chosen file with its progress, waits, and shows a rendition", async () => {
    const file = { name: "from a page (ü).jpg", mimeType: "image/jpeg", buffer: photo("p12-o6p3n.jpg") };
    await page.setInputFiles("input", file);
    await page.waitForFunction('document.querySelector("img").naturalWidth > 0');
    expect(await page.evaluate('document.querySelector("img").naturalHeight')).to.equal(640);
    expect(await page.evaluate('document.querySelector("progress").value')).to.equal(1);
    expect((await service.get(file.name)).status).to.equal(200);
  });

  it("tells the API's errors, metadata, and the end by a signal", async () => {
    const told = await page.evaluate(async (settings) => {
      const images = new client.ImageClient(JSON.parse(settings) as ImageClientOptions);
      const failed = (call: Promise<unknown>) =>
        call.then(
          () => ["none"],
          (error: unknown) =>
            error instanceof client.ImageServiceError ? [error.code, error.message] : [String(error)],
        );
      const file = new Blob([new Uint8Array(5_000_000)]);
      const controller = new AbortController();
      const { signal } = controller;
      const onProgress = () => controller.abort(new Error("enough"));
      return {
        named: await failed(images.upload("bad.exe", file)),
        aborted: await failed(images.upload("aborted.jpg", file, { signal, onProgress })),
        rejected: await failed(
          images
            .upload("rejected.jpg", file, { metadata: { by: "ü" } })
            .then((upload) => images.waitUntilReady(upload)),
        ),
        unknown: await failed(images.get("unknown.jpg")),
      };
    }, files["/settings.json"]!);
    expect(told.named[0]).to.equal("BadUpload");
    expect(told.aborted).to.deep.equal(["Error: enough"]);
    expect(told.rejected[0]).to.equal("REJECTED");
    expect(told.unknown[0]).to.equal("NotFound");
  });
});

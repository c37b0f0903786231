import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";

import { LocalService } from "../../tools/commands";
import { photo, temporaryFolder } from "../e2e/support";
import { launchChromium } from "./chromium";

/** Pictures of the console for the README are written where this variable is set. */
const takesPictures = process.env.SNAIL_CONSOLE_PICTURES !== undefined;
const pictures = join(__dirname, "../../docs/console");

/** The part of an `<img>` that is used here; Node's types know none. */
interface Shown {
  loading: string;
  naturalWidth: number;
  decode(): Promise<void>;
}
async function widthOf(image: Shown): Promise<number> {
  image.loading = "eager";
  await image.decode();
  return image.naturalWidth;
}

/** Makes what a drop brings, in the page. */
const drop = `((files) => {
  const transfer = new DataTransfer();
  for (const { name, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  return transfer;
})`;

const file = (name: string, body: Buffer) => ({ name, mimeType: "image/jpeg", buffer: body });

/** A folder with an image in a folder of its own, and a text. */
function folderOfImages(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "folder-"));
  folders.push(folder);
  mkdirSync(join(folder, "inside"));
  writeFileSync(join(folder, "inside", name), photo("p12.jpg"));
  writeFileSync(join(folder, "readme.txt"), "no image");
  return folder;
}
const folders: string[] = [];

/** A port that is free, as are most likely the two after it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe("the console, in a real browser", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  let service: LocalService;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** The API's: the console's follows from it, and is the same after a restart. */
  let port: number;
  const problems: string[] = [];

  before(async () => {
    port = await freePort();
    service = await LocalService.start({ data, flags: ["--port", String(port)] });
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    // A refusal by the content security policy is an error of the page's console.
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(address())) problems.push(`a request to ${request.url()}`);
    });
    await page.goto(address());
  });
  after(async () => {
    await browser.close();
    await service.stop();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  const address = (): string => service.endpoints.console ?? "";
  const tile = (name: string) => page.locator(".images li", { hasText: name });
  const details = (name: string) => page.locator("summary", { hasText: new RegExp(`^${name}$`) });
  const picture = async (name: string, fullPage = false): Promise<void> => {
    if (takesPictures)
      await sharp(await page.screenshot({ fullPage }))
        .png({ palette: true, effort: 10 })
        .toFile(join(pictures, `${name}.png`));
  };

  it("is what a browser sees at the API's own address", async () => {
    const other = await context.newPage();
    await other.goto(new URL(service.endpoints.api).origin);
    expect(other.url()).to.equal(`${address()}/`);
    await other.locator(".live", { hasText: "stack dev" }).waitFor();
    await other.close();
  });

  it("takes dropped files in, and shows them READY with a thumbnail", async () => {
    const names = ["p12-o6p3n.jpg", "p12.jpg"];
    const files = names.map((name) => ({ name, base64: photo(name).toString("base64") }));
    const dropped = await page.evaluateHandle(`${drop}(${JSON.stringify(files)})`);
    await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
    for (const name of names) {
      await page.locator(".uploads li.sent", { hasText: name }).first().waitFor();
      await tile(name).locator(".status.READY").first().waitFor();
      const width = await tile(name).locator("img").first().evaluate(widthOf);
      expect(width).to.be.above(100);
    }
  });

  it("takes the images of a folder in that is dropped, folders in it included, and leaves the other files", async () => {
    const folder = folderOfImages("dropped.jpg");
    const { width = 0, height = 0 } = page.viewportSize() ?? {};
    const devtools = await context.newCDPSession(page);
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await devtools.send("Input.dispatchDragEvent", {
        type,
        x: width / 2,
        y: height / 2,
        data: { items: [], files: [folder], dragOperationsMask: 1 },
      });
    await tile("dropped.jpg").locator(".status.READY").waitFor();
    expect(await page.locator(".uploads li", { hasText: "readme.txt" }).count()).to.equal(0);
    expect(await page.locator("body.dropping").count()).to.equal(0);
    await devtools.detach();
  });

  it("takes the images of a folder in that is chosen, and leaves the other files", async () => {
    await page.setInputFiles("input[webkitdirectory]", folderOfImages("chosen.jpg"));
    await tile("chosen.jpg").locator(".status.READY").waitFor();
    expect(await page.locator(".uploads li", { hasText: "readme.txt" }).count()).to.equal(0);
    await page.getByRole("button", { name: "Clear" }).click();
  });

  it("shows by itself what another client uploads", async () => {
    await service.put("other client.jpg", photo("p12.jpg"));
    await tile("other client.jpg").locator(".status.READY").waitFor();
    const placeholder = tile("other client.jpg").locator("canvas");
    expect(await placeholder.getAttribute("data-hash")).to.match(/^[\w+/]+=*$/);
    await placeholder.waitFor({ state: "hidden" }); // the thumbnail is there
  });

  it("says why a file is rejected, and what the API refuses to take", async () => {
    await page.setInputFiles("input[accept]", [
      file("text.jpg", Buffer.from("no picture at all")),
      file("notes.txt", Buffer.from("no image")),
    ]);
    await tile("text.jpg").locator(".status.REJECTED").waitFor();
    expect(await tile("text.jpg").locator(".reason").innerText()).to.match(/not .*image|format/i);
    const refused = page.locator(".uploads li.failed", { hasText: "notes.txt" });
    expect(await refused.innerText()).to.match(/extension|\.jpg/);
    await picture("gallery");
  });

  it("shows an image's original, every rendition, and its history, by the keyboard", async () => {
    await page.getByRole("link", { name: "other client.jpg" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "other client.jpg" }).waitFor();
    const image = await service.untilStatus("other client.jpg", "READY");
    const shown = page.locator(".renditions li");
    await shown.first().waitFor();
    expect(await shown.count()).to.equal(image.renditions.length);
    for (const [index, { imageType, width, height }] of image.renditions.entries()) {
      expect(await shown.nth(index).innerText())
        .to.include(imageType)
        .and.include(`${width} × ${height}`);
      const decoded = await shown.nth(index).locator("img").evaluate(widthOf);
      expect(decoded).to.equal(width);
    }
    const history = page.locator("section[aria-labelledby=history] li");
    await history.filter({ hasText: "announced as ready" }).waitFor();
    const told = (await history.allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
    const stored = image.renditions.map(
      ({ imageType, width, height }) => `${imageType} stored \\(jpeg, ${width} × ${height}`,
    );
    const steps = [
      "PUT /dev/raw/other client.jpg: 202",
      "snail-temp-images-dev uploaded",
      "RawImagePutProcess received",
      "RawImagePutProcess stored",
      "ResolutionBasedImagePutProcess received",
      ...stored.map((text) => `snail-images-dev ${text}`),
      "ResolutionBasedImagePutProcess ready",
      "announced as uploaded",
      "announced as ready",
    ];
    for (const step of steps)
      expect(
        told.filter((line) => new RegExp(step).test(line)),
        step,
      ).to.have.length(1);
    const order = (step: string): number => told.findIndex((line) => new RegExp(step).test(line));
    const [, uploaded = "", received = "", kept = ""] = steps;
    for (const [before, after] of [
      [uploaded, received],
      [received, kept],
      [received, "ResolutionBasedImagePutProcess received"],
      ...stored.map((text) => ["ResolutionBasedImagePutProcess received", text] as const),
      ...stored.map((text) => [text, "announced as ready"] as const),
    ] as const)
      expect(order(before), `${before}, then ${after}`).to.be.below(order(after));
    expect(told[order(received)]).to.match(/\d\d?:\d\d:\d\d[.,]\d{3}/);
    await picture("image", true);
  });

  it("copies markup from which a browser shows the image", async () => {
    await page.getByRole("button", { name: "Copy <picture> markup" }).click();
    await page.locator(".notice", { hasText: "clipboard" }).waitFor();
    const markup = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(markup).to.match(
      /^<picture>\n[^]*<img src="[^"]+" srcset="[^"]+" sizes="100vw" width="\d+" height="\d+" alt="">/,
    );
    const blank = await context.newPage();
    await blank.setContent(markup);
    const width = await blank.locator("img").evaluate(widthOf);
    expect(width).to.be.above(0);
    await blank.close();
  });

  it("copies the URL of one rendition", async () => {
    await page.getByRole("button", { name: "Copy the URL of small as jpeg" }).click();
    await page.locator(".notice", { hasText: "The URL is in the clipboard" }).waitFor();
    const copied = await fetch(await page.evaluate<string>("navigator.clipboard.readText()"));
    const { renditions } = await service.untilStatus("other client.jpg", "READY");
    const { bytes } = renditions.find(({ imageType }) => imageType === "small") ?? {};
    expect([copied.status, (await copied.arrayBuffer()).byteLength]).to.deep.equal([200, bytes]);
  });

  it("replaces an image", async () => {
    const before = await service.untilStatus("other client.jpg", "READY");
    await page.setInputFiles(".actions input", [file("another name.jpg", photo("p12-o6p3n.jpg"))]);
    await page.locator("dd", { hasText: before.generation }).waitFor({ state: "detached" });
    await page.locator(".states .READY").waitFor();
  });

  it("draws the pipeline from what is declared, and follows it", async () => {
    await page.getByRole("link", { name: "Pipeline" }).click();
    const queue = page.locator(".part.queue", { hasText: /^PutRawImageQueue/ });
    await queue.filter({ hasText: "0 waiting · 0 in flight · 0 dead" }).waitFor();
    expect(await page.locator(".part.queue").count()).to.be.at.least(3);
    expect(await page.locator(".edge").count()).to.be.above(8);
    const taker = page.locator(".part.function", { hasText: /^RawImagePutProcess/ });
    await taker.click();
    await service.put("watched.jpg", photo("p12.jpg"));
    await page.locator(".lines li", { hasText: "watched.jpg: stored" }).waitFor();
    await taker.filter({ hasText: /last \d+ ms/ }).waitFor();
    await details("RawImagePutProcess").click();
    expect(await page.locator("details[open] pre").innerText()).to.include("memorySize");
    expect(await page.locator("summary").allInnerTexts()).to.include("PollPutRawImageQueuePolicy");
  });

  it("shows a line once that was written to a part's log late, whichever way it came", async () => {
    const line = (time: string, text: string) => ({ time, from: "ImageApi", text });
    const [slow, fast, since] = [
      line("10:00:02", "PUT: 202"),
      line("10:00:01", "GET: 200"),
      line("10:00:03", "GET: 404"),
    ];
    const given = JSON.stringify([[since, fast, slow], "ImageApi", [fast, slow]]);
    const newer = await page.evaluate(
      `import("/page/newerLines.ts").then(({ newerLines }) => newerLines(...${given}))`,
    );
    expect(newer).to.deep.equal([since]);
  });

  it("draws the API, with its requests, its access log, its settings and the right to store uploads", async () => {
    const api = page.locator(".part.api", { hasText: /^ImageApi/ });
    await api.filter({ hasText: /\d+ done · last 202, \d+ ms|\d+ done · last 200, \d+ ms/ }).click();
    await page.locator(".lines li", { hasText: "PUT /dev/raw/watched.jpg: 202" }).waitFor();
    expect((await service.get("never sent.jpg")).status).to.equal(404);
    await page.locator(".lines li", { hasText: "GET /dev/raw/never sent.jpg: 404" }).waitFor();
    await details("ImageApi").click();
    expect(await page.locator("details[open] pre").innerText()).to.include('"/raw/{object}"');
    expect(await page.locator("summary").allInnerTexts()).to.include.members([
      "ImageApi-stage",
      "ImageApi-settings",
      "SnailTempImagesBucketPutPolicy",
    ]);
    expect(await page.locator(".edge.chosen").count()).to.equal(5); // four functions, and the bucket of uploads
  });

  it("draws the clock of the sweep, and has it strike now", async () => {
    await page.locator(".part.schedule", { hasText: "rate(1 hour)" }).click();
    await details("SweepProcess-schedule").click();
    expect(await page.locator("details[open] pre").innerText()).to.include("Looks for what got lost");
    const sweep = page.locator(".part.function", { hasText: /^SweepProcess/ });
    await sweep.filter({ hasText: "idle" }).waitFor();
    await page.getByRole("button", { name: "Run it now" }).click();
    await sweep.filter({ hasText: "1 done" }).waitFor();
    await page.goto(`${address()}/#/`);
  });

  it("shows a call that is denied where it happens", async () => {
    const bucket = page.locator(".part.bucket", { hasText: /^snail-images-/ });
    await page.getByRole("link", { name: "Pipeline" }).click();
    expect(await bucket.getAttribute("class")).not.to.include("bad");
    const { aws, resources } = service.endpoints;
    const id = Object.entries(resources).find(([name]) => name.startsWith("snail-images-"))?.[1].id ?? "";
    const unsigned = await fetch(`${aws}/${id}/raw/p12.jpg/0.jpg`);
    expect(unsigned.status).to.equal(403);
    await page.locator(".part.bucket.bad", { hasText: /^snail-images-/ }).click();
    const here = page.locator("section[aria-labelledby=part] .denied li");
    expect(await here.innerText()).to.include("a caller without keys");
    expect(await here.innerText()).to.include(`s3:GetObject on arn:aws:s3:::${id}/raw/p12.jpg/0.jpg`);
    await page.goto(`${address()}/#/pipeline`);
  });

  const panel = () => page.locator("section[aria-labelledby=faults]");
  const strikes = () => page.locator("section[aria-labelledby=strikes]");
  const safe = /^Nothing is lost: test picture.png is READY with \d+ renditions, and no message is under way/;
  const choose = (name: string) => panel().locator("select").selectOption(name);

  it("sends a bad file by a button, and shows why it is rejected", async () => {
    await page.getByRole("button", { name: "Send a bad file" }).click();
    const { reason } = await service.untilStatus("bad file.png", "REJECTED");
    await page.goto(`${address()}/#/`);
    await tile("bad file.png").locator(".reason", { hasText: reason }).waitFor();
    await page.goto(`${address()}/#/pipeline`);
  });

  for (const [button, kind, victim] of [
    ["Deliver twice", "duplicate", "RawImagePutProcess"],
    ["Lose an answer", "answer: ", "RawImagePutProcess"],
    ["Kill it", "kill: s3:PUT ", "ResolutionBasedImagePutProcess"],
    ["Throttle it", "throttle: ", "ResolutionBasedImagePutProcess"],
  ] as const) {
    it(`"${button}": the fault strikes, and nothing is lost`, async () => {
      await choose(victim);
      await page.getByRole("button", { name: button }).click();
      await strikes().locator("li.WARN", { hasText: kind }).first().waitFor();
      await panel().locator(".verdict", { hasText: safe }).waitFor();
      expect(await strikes().locator("li", { hasText: "next" }).count()).to.equal(0);
    });
  }

  it("shows a message that cannot be read as a dead letter with its cause, and deletes it", async () => {
    await choose("RawImagePutProcess");
    await page.getByRole("button", { name: "Send it poison" }).click();
    const queue = page.locator(".part.queue", { hasText: /^PutRawImageQueue/ });
    await queue.filter({ hasText: "1 dead" }).waitFor();
    const cause = page.locator(".causes li");
    await cause.filter({ hasText: "1 × SyntaxError" }).waitFor();
    expect(await cause.innerText())
      .to.include("This cannot be read")
      .and.include("No retry can succeed");
    expect(await cause.getByRole("button", { name: "Move back" }).count()).to.equal(0);
    await picture("faults", true);
    page.once("dialog", (dialog) => void dialog.accept());
    await cause.getByRole("button", { name: "Delete" }).click();
    await queue.filter({ hasText: "0 dead" }).waitFor();
    await cause.waitFor({ state: "detached" });
  });

  it("moves dead letters of a cause back, which are then worked on", async () => {
    const sqs = new SQSClient({
      endpoint: service.endpoints.aws,
      region: service.endpoints.region,
      credentials: service.keys,
    });
    const { generation } = await service.untilStatus("p12.jpg", "READY");
    const body = { original: "p12.jpg", manifest: `${generation}.jpg`, uploadedAt: "2026-01-01T00:00:00Z" };
    const QueueUrl = service.endpoints.resources["PutResolutionBasedImageQueue-dead-letters"]?.id;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
    sqs.destroy();
    const cause = page.locator(".causes li", { hasText: "1 × NoCauseRecorded" });
    await cause.getByRole("button", { name: "Move back" }).click();
    await page.locator(".notice", { hasText: "1 moved back." }).waitFor();
    await cause.waitFor({ state: "detached" });
    const queue = page.locator(".part.queue", { hasText: /^PutResolutionBasedImageQueue/ });
    await queue.filter({ hasText: "0 waiting · 0 in flight · 0 dead" }).waitFor();
    await page.goto(`${address()}/#/image/p12.jpg`);
  });

  it("goes on after the service was killed and started again under the open page", async () => {
    await service.kill();
    await page.locator(".lost").waitFor();
    service = await LocalService.start({ data, flags: ["--port", String(port)] });
    await page.locator(".live").waitFor();
    await page.getByRole("link", { name: "All images" }).click();
    // The list has no renditions: the server chooses one for a tile.
    expect(await tile("p12.jpg").locator("img").first().evaluate(widthOf)).to.be.above(100);
    await service.put("after.jpg", photo("p12.jpg"));
    await tile("after.jpg").locator(".status.READY").waitFor();
  });

  it("deletes an image", async () => {
    page.once("dialog", (dialog) => void dialog.accept());
    await tile("after.jpg").getByRole("link").click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.locator(".status.DELETED").waitFor();
    await page.getByRole("link", { name: "All images" }).click();
    await tile("after.jpg").waitFor({ state: "detached" });
    expect((await service.get("after.jpg")).status).to.equal(410);
  });

  it("asks no other host, and breaks no rule of its content security policy", () => {
    expect(problems).to.deep.equal([]);
  });
});

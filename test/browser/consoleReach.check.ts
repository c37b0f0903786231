import { expect } from "chai";
import type { Browser, Page } from "playwright-core";

import { LocalService } from "../../tools/commands";
import { photo, temporaryFolder } from "../e2e/support";
import { launchChromium } from "./chromium";

/** Text whose contrast to what is behind it is below that of WCAG 2.2, 1.4.3, as `ratio text`. */
const faintTexts = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const isOpaque = (color) => parse(color).length === 3 || parse(color)[3] === 1;
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const box = at.localName === "a" && at.querySelector("rect");
      if (box) return getComputedStyle(box).fill;
      const { backgroundColor } = getComputedStyle(at);
      if (isOpaque(backgroundColor)) return backgroundColor;
    }
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: element, textContent } = walker.currentNode;
    if (textContent.trim() === "" || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const color = element instanceof SVGElement ? style.fill : style.color;
    const [light, dark] = [color, behind(element)].map((each) => luminance(parse(each))).sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) faint.add(ratio.toFixed(2) + " " + textContent.trim());
  }
  return [...faint];
})()`;

/** The element that the keyboard is at: its name, and whether an outline shows it. */
const focused = `(() => {
  const at = document.activeElement;
  const shown = at.matches("input[type=file]") ? at.parentElement : at;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const name = at.getAttribute("aria-label") ?? shown.textContent.trim();
  return { name: name.replace(/\\s+/g, " "), outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
})()`;

describe("the console, by keyboard and on a phone", function () {
  this.timeout(120_000);
  let service: LocalService;
  let browser: Browser;
  let page: Page;
  const pages = [
    "#/",
    "#/image/good.jpg",
    "#/image/bad.jpg",
    "#/pipeline",
    "#/pipeline/ImageApi",
    "#/pipeline/RawImagePutProcess",
  ];
  const data = temporaryFolder();

  before(async () => {
    service = await LocalService.start({ data });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 390, height: 780 } });
    page.setDefaultTimeout(30_000);
    await service.put("good.jpg", photo("p12.jpg"));
    await service.put("bad.jpg", Buffer.from("no picture"));
    await service.untilStatus("good.jpg", "READY");
    await service.untilStatus("bad.jpg", "REJECTED");
    await fetch(`${service.endpoints.aws}/${String(service.endpoints.outputs.imagesBucket)}/denied`);
  });
  after(async () => {
    await browser.close();
    await service.stop();
  });

  const open = async (hash: string): Promise<void> => {
    await page.goto("about:blank"); // else only the hash changes
    await page.goto(`${service.endpoints.console ?? ""}/${hash}`);
    await page.locator(".live").waitFor();
    await page.locator("h2").first().waitFor();
    if (hash !== "#/pipeline" && hash.startsWith("#/pipeline")) await page.locator("summary").first().waitFor();
    if (hash.startsWith("#/image")) await page.locator("section[aria-labelledby=history] li").first().waitFor();
  };

  for (const colorScheme of ["light", "dark"] as const) {
    it(`fits on a phone, and is legible, in ${colorScheme} colours`, async () => {
      await page.emulateMedia({ colorScheme });
      for (const hash of pages) {
        await open(hash);
        expect(await page.evaluate<number>("document.documentElement.scrollWidth"), hash).to.be.at.most(390);
        expect(await page.evaluate<string[]>(faintTexts), hash).to.deep.equal([]);
      }
      const back = await page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
      const red = Number(/\d+/.exec(back)?.[0]);
      if (colorScheme === "dark") expect(red).to.be.below(60);
      else expect(red).to.be.above(200);
    });
  }

  /** Presses Tab until the element of this name is reached; each one on the way shows that it is. */
  async function tabTo(name: RegExp): Promise<void> {
    const seen: string[] = [];
    for (let press = 0; press < 80; press++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate<{ name: string; outlined: boolean }>(focused);
      expect(at.outlined, `${at.name} is outlined`).to.equal(true);
      if (name.test(at.name)) return;
      seen.push(at.name);
    }
    throw new Error(`${String(name)} is not reached by Tab: ${seen.join(" | ")}`);
  }

  it("opens an image and copies a rendition's URL by the keyboard alone", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await open("#/");
    await tabTo(/^choose files$/);
    await tabTo(/^good\.jpg/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "good.jpg" }).waitFor();
    expect(await page.evaluate<string>("document.activeElement.localName")).to.equal("main");
    await page.getByRole("button", { name: "Copy the URL of large as jpeg" }).waitFor();
    await tabTo(/^Copy the URL of large as jpeg$/);
    await page.keyboard.press("Enter");
    await page.locator(".notice", { hasText: "clipboard" }).waitFor();
  });

  it("brings the panel of a part that is chosen into sight, and leaves the diagram there", async () => {
    await page.setViewportSize({ width: 1200, height: 800 });
    await open("#/pipeline");
    const part = page.locator(".part.function", { hasText: /^RawImagePutProcess/ });
    await part.click();
    await page.locator("summary").first().waitFor();
    for (const shown of [part, page.locator("#part")]) {
      const { y = -1, height = 0 } = (await shown.boundingBox()) ?? {};
      expect(y).to.be.at.least(0);
      expect(y + height).to.be.at.most(800);
    }
    await page.setViewportSize({ width: 390, height: 780 });
  });

  it("shows a part's log, settings and policies, and runs the sweep, by the keyboard alone", async () => {
    await open("#/");
    await tabTo(/^Pipeline$/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Pipeline" }).waitFor();
    await tabTo(/^ImageApi, \d+ done/);
    await page.keyboard.press("Enter");
    await page.locator("summary", { hasText: "ImageApi-stage" }).waitFor();
    await tabTo(/^ImageApi-stage$/);
    await page.keyboard.press("Enter");
    expect(await page.locator("details[open] pre").innerText()).to.include("accessLogSettings");
    await open("#/pipeline/SweepProcess-schedule");
    await tabTo(/^Run it now$/);
    await page.keyboard.press("Enter");
    await page.locator(".part.function", { hasText: /^SweepProcess1 done/ }).waitFor();
  });
});

import { execFile } from "node:child_process";
import { get } from "node:http";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

import { expect } from "chai";
import sharp from "sharp";

import type { ImageStatus } from "../../handlers/protocol/rawImageGetProcess";
import { LocalService } from "../../tools/commands";
import { picture, temporaryFolder } from "./support";

describe("delivery through CloudFront, end to end", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  const imageTypes = {
    small: { width: 64, height: 64, formats: ["avif", "webp", "jpeg"] },
    tiny: { width: 16, height: 16, format: "jpeg" },
    clip: { width: 32, height: 32, formats: ["webp", "gif"], animated: true },
  };
  const allowedOrigins = ["https://shop.example.com"];
  let service: LocalService;
  before(async () => {
    const settings = { delivery: "cloudfront", ...asText({ imageTypes, allowedOrigins }) };
    const flags = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
    service = await LocalService.start({ data, flags });
  });
  after(() => service.stop());

  const ready = async (name: string, seed: number) => {
    expect((await service.put(name, await picture(seed))).status).to.equal(202);
    return service.untilStatus(name, "READY");
  };
  const outcome = (response: Response) => [response.status, response.headers.get("x-cache")];

  it("tells URLs of the distribution, which serves renditions with their headers and keeps them", async () => {
    const name = "größe 1 (a)*.jpg";
    const { renditions } = await ready(name, 1);
    expect(renditions).to.have.length(6);
    const base = service.endpoints.outputs.deliveryUrl as string;
    for (const { imageType, format, url, bytes } of renditions) {
      expect(url).to.match(/\/gr%C3%B6%C3%9Fe%201%20%28a%29%2A\.jpg\/[0-9a-f]{48}\.[a-z]+$/);
      expect(url.startsWith(`${base}/${imageType}/`)).to.equal(true);
      const first = await fetch(url);
      expect((await first.arrayBuffer()).byteLength).to.equal(bytes);
      expect(outcome(first)).to.deep.equal([200, "Miss from cloudfront"]);
      expect(Object.fromEntries(first.headers)).to.include({
        "content-type": `image/${format}`,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "strict-transport-security": "max-age=31536000",
      });
      const second = await fetch(`${url}?other=query`);
      expect(outcome(second)).to.deep.equal([200, "Hit from cloudfront"]);
      expect(second.headers.get("age")).to.match(/^\d+$/);
    }
  });

  it("tells the same URLs in lists that are asked for renditions", async () => {
    const { renditions } = await ready("listed.jpg", 7);
    const response = await service.call("GET", "/raw?prefix=listed&renditions=true");
    const { images } = (await response.json()) as { images: ImageStatus[] };
    expect(images.map((image) => image.renditions)).to.deep.equal([renditions]);
  });

  it("lets pages of the allowed origins read them", async () => {
    const [rendition] = (await ready("shared.jpg", 2)).renditions;
    const from = async (origin: string) =>
      (await fetch(rendition!.url, { headers: { origin } })).headers.get("access-control-allow-origin");
    expect(await from("https://shop.example.com")).to.equal("https://shop.example.com");
    expect(await from("https://other.example.com")).to.equal(null);
  });

  it("never serves an original, lists nothing, and takes no other method", async () => {
    const image = await ready("kept.jpg", 3);
    const base = service.endpoints.outputs.deliveryUrl as string;
    const file = `kept.jpg/${image.generation}.jpg`;
    for (const path of [`/raw/${file}`, `/%72aw/${file}`, `/tiny/../raw/${file}`, "/", "/raw/", "/tiny/none.jpg"]) {
      expect(await rawGet(base, path), path).to.deep.equal([403, "Error from cloudfront"]);
    }
    for (const method of ["PUT", "POST", "DELETE", "OPTIONS"]) {
      expect((await fetch(image.renditions[0]!.url, { method })).status, method).to.equal(403);
    }
  });

  it("redirects to the format that suits the request best", async () => {
    await ready("shown.jpg", 4);
    const chosen = async (imageType: string, accept?: string) => {
      const response = await service.call("GET", `/images/${imageType}/shown.jpg`, {
        redirect: "manual",
        headers: accept === undefined ? {} : { accept },
      });
      expect([response.status, response.headers.get("vary")]).to.deep.equal([302, "Accept, Origin"]);
      return (await fetch(response.headers.get("location")!)).headers.get("content-type");
    };
    const chrome = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
    const safari14 = "image/webp,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5";
    const safari13 = "image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5";
    expect(await chosen("small", chrome)).to.equal("image/avif");
    expect(await chosen("small", safari14)).to.equal("image/webp");
    expect(await chosen("small", safari13)).to.equal("image/jpeg");
    expect(await chosen("small", "*/*")).to.equal("image/jpeg");
    expect(await chosen("tiny", chrome)).to.equal("image/jpeg");
  });

  it("serves every frame of an animation, as WebP or GIF", async () => {
    const raw = { width: 48, height: 3 * 48, channels: 3, pageHeight: 48 } as const;
    const frames = Buffer.concat([10, 120, 240].map((grey) => Buffer.alloc(48 * 48 * 3, grey)));
    const body = await sharp(frames, { raw })
      .webp({ delay: [100, 200, 300], loop: 2 })
      .toBuffer();
    expect((await service.put("moving.webp", body)).status).to.equal(202);
    await service.untilStatus("moving.webp", "READY");
    const shown = async (accept: string) => {
      const path = "/images/clip/moving.webp";
      const { headers } = await service.call("GET", path, { redirect: "manual", headers: { accept } });
      const answer = await fetch(headers.get("location")!);
      const { pages, delay, loop } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      return { type: answer.headers.get("content-type"), pages, delay, loop };
    };
    const motion = { pages: 3, delay: [100, 200, 300], loop: 2 };
    expect(await shown("image/webp,image/*")).to.deep.equal({ type: "image/webp", ...motion });
    expect(await shown("*/*")).to.deep.equal({ type: "image/gif", ...motion });
  });

  it("passes snail verify, which looks at the distribution", async () => {
    const args = ["tools/commands/snail.js", "verify", "--data", data];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).to.match(/ 0 failed\n$/);
  });

  it("has edge caches forget what was replaced, and what was deleted", async () => {
    const name = "weg & weg.jpg";
    const shown = async (image: ImageStatus) => {
      const urls = image.renditions.map(({ url }) => url);
      for (const url of urls) expect(outcome(await fetch(url))).to.deep.equal([200, "Miss from cloudfront"]);
      return urls;
    };
    const untilGone = async (urls: string[]) => {
      for (const url of urls) while ((await fetch(url)).status !== 403) await setTimeout(100);
    };
    const image = await ready(name, 5);
    const first = await shown(image);
    expect((await service.put(name, await picture(6))).status).to.equal(202);
    const next = await service.until(name, (_, { status, generation }) => {
      return status === "READY" && generation !== image.generation;
    });
    const second = await shown(next);
    await untilGone(first);
    expect((await service.delete(name)).status).to.equal(202);
    await service.until(name, (status) => status === 410);
    for (const url of second) expect((await fetch(url)).status).to.equal(403);
  });
});

const asText = (settings: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)]));

/** A GET whose path is sent as it is. */
function rawGet(base: string, path: string): Promise<[status: number | undefined, outcome: unknown]> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    get({ hostname, port, path }, (response) => {
      response.resume();
      resolve([response.statusCode, response.headers["x-cache"]]);
    }).on("error", reject);
  });
}

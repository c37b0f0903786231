import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import sharp from "sharp";

import type { ImageStatus } from "../../handlers/protocol/rawImageGetProcess";
import type { UploadGrant } from "../../handlers/protocol/uploadProcess";
import { LocalService, sendGranted } from "../../tools/commands";
import { pixelsIn, psnr, reference } from "../../tools/bench";
import { fetchRenditions, photo, picture, temporaryFolder } from "./support";

describe("the service, end to end", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  let service: LocalService;
  before(async () => (service = await LocalService.start({ data })));
  after(() => service.stop());

  /** Long edges of the configured image types, largest first. */
  const edges = { large: 2016, medium: 1280, small: 640, preview: 320, thumbnail: 160 };

  describe("makes every rendition of a photo", () => {
    for (const [file, width, height] of [
      ["p12.jpg", 4032, 3024],
      ["d12.jpg", undefined, undefined],
      ["p12-o6p3n.jpg", 3024, 4032], // EXIF orientation 6, Display P3: what a phone writes
    ] as const) {
      it(file, async () => {
        const original = photo(file);
        const put = await service.put(file, original);
        expect(put.status, await put.text()).to.equal(202);
        expect(put.headers.get("etag")).to.match(/^"[0-9a-f]{32}"$/);
        expect(put.headers.get("x-amz-version-id")).to.match(/^\S+$/);

        const image = await service.untilStatus(file, "READY");
        const { autoOrient } = await sharp(original).metadata();
        expect(image).to.include({ object: file, format: "jpeg", bytes: original.length, ...autoOrient });
        if (width) expect(image).to.include({ width, height });
        expect(image.renditions.map(({ imageType }) => imageType)).to.deep.equal(Object.keys(edges));

        const fetched = await fetchRenditions(image);
        for (const rendition of image.renditions) {
          const { body, contentType } = fetched.get(rendition.imageType)!;
          expect(contentType).to.equal("image/jpeg");
          expect(body.length).to.equal(rendition.bytes);
          const header = await sharp(body).metadata();
          expect(header).to.include({
            format: "jpeg",
            width: rendition.width,
            height: rendition.height,
            space: "srgb",
          });
          expect(header).not.to.have.any.keys("exif", "icc", "xmp", "iptc", "orientation");
          expect(Math.max(rendition.width, rendition.height)).to.equal(
            edges[rendition.imageType as keyof typeof edges],
          );
          const likeness = psnr(await pixelsIn(body), await reference(original, rendition));
          expect(likeness, `${rendition.imageType} against the reference, dB`).to.be.above(30);
        }
      });
    }
  });

  it("takes names with spaces, signs, other scripts and emoji, and keeps them apart", async () => {
    const names = [
      "a b.jpg",
      "a%20b.jpg",
      "a%2Bb.jpg",
      "100% 'Käse' & \"Öl\".jpg",
      "カタツムリ🐌.jpg",
      "a?b#c;d=e.jpg",
    ];
    await Promise.all(
      names.map(async (name, i) => {
        const put = await service.put(name, await picture(i));
        expect(put.status, `${name}: ${await put.text()}`).to.equal(202);
      }),
    );
    for (const [i, name] of names.entries()) {
      const image = await service.untilStatus(name, "READY");
      expect(image.object).to.equal(name);
      expect(image.bytes).to.equal((await picture(i)).length);
    }
  });

  it("says of a name with a plus sign that it is never taken, as API Gateway and S3 have it", async () => {
    const put = await service.put("a+b.jpg", await picture(1));
    expect(put.status).to.equal(502);
    expect(await put.json())
      .to.have.nested.property("error.message")
      .that.includes("a plus sign (+)");
  });

  describe("rejects, with a reason for the uploader,", () => {
    const cases: [string, string, () => Promise<Buffer> | Buffer, RegExp][] = [
      ["a text", "text.jpg", () => Buffer.from("I am no image"), /not an image/i],
      ["an empty file", "empty.jpg", () => Buffer.alloc(0), /empty/i],
      ["a torn photo", "torn.jpg", () => photo("d12.jpg").subarray(0, 900_000), /breaks off|truncated/i],
      ["an SVG drawing", "drawing.jpg", () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/],
      ["a name without an image's extension", "photo.exe", () => picture(1), /must end in one of: \.jpg/],
      ["a name that is not composed", "o\u0308.jpg", () => picture(1), /normalisation form C/],
      ["a name with a direction mark", "photo\u202egpj.jpg", () => picture(1), /invisible character U\+202E/],
      ["a name with a control character", "bell\u0007.jpg", () => picture(1), /control character/],
      ["a name that SQS would refuse", "a\ufffe.jpg", () => picture(1), /U\+FFFE, which is not a character/],
    ];
    for (const [what, name, body, reason] of cases) {
      it(what, async () => {
        expect((await service.put(name, await body())).status).to.equal(202);
        const image = await service.untilStatus(name, "REJECTED");
        expect(image.reason).to.match(reason);
        expect(image.renditions).to.be.empty;
        expect((await service.delete(name)).status).to.equal(202);
        await service.until(name, (code) => code === 410);
      });
    }

    it("but keeps the good image that the name already has", async () => {
      const good = await picture(7);
      await service.put("kept.jpg", good);
      const before = await service.untilStatus("kept.jpg", "READY");
      await service.put("kept.jpg", Buffer.from("not an image"));
      const after = await service.until("kept.jpg", (_code, image) => image.reason !== undefined);
      expect(after).to.include({ status: "READY", generation: before.generation, id: before.id });
      expect(after.reason).to.match(/not an image/i);
      expect((await fetchRenditions(after)).size).to.equal(5);
    });
  });

  it("serves the good image that a name has when the next one turns out to be damaged", async () => {
    await service.put("served.png", await picture(8, "png"));
    const before = await service.untilStatus("served.png", "READY");
    const damaged = await picture(9, "png");
    damaged.fill(0, Math.floor(damaged.length / 2), Math.floor(damaged.length / 2) + 100); // pixels, not the header
    await service.put("served.png", damaged);
    const after = await service.until("served.png", (_code, image) => image.pending?.status === "FAILED");
    expect(after).to.include({ status: "READY", generation: before.generation, id: before.id });
    expect(after.pending?.reason).to.match(/cannot be decoded/);
    expect((await fetchRenditions(after)).size).to.equal(5);
    await service.put("served.png", await picture(10, "png"));
    const healed = await service.until("served.png", (_code, image) => image.pending === undefined);
    expect(healed).to.include({ status: "READY" }).and.not.to.include({ generation: before.generation });
    expect((await fetchRenditions(healed)).size).to.equal(5);
  });

  it("refuses more than 10 MB, in API Gateway's own words", async () => {
    const response = await service.put("huge.jpg", Buffer.alloc(10 * 1024 * 1024 + 1));
    expect(response.status).to.equal(413);
    expect(await response.text()).to.include("Request Too Long");
  });

  describe("grants uploads", () => {
    /** A PNG of noise: it has about three bytes a pixel. */
    const noise = (side: number) =>
      sharp({
        create: {
          width: side,
          height: side,
          channels: 3,
          noise: { type: "gaussian", mean: 128, sigma: 60 },
          background: "grey",
        },
      })
        .png({ compressionLevel: 0 })
        .toBuffer();
    const grant = async (request: unknown) => {
      const answer = await service.call("POST", "/uploads", { body: Buffer.from(JSON.stringify(request)) });
      return { status: answer.status, grant: (await answer.json()) as UploadGrant };
    };

    it("past 10 MB, by a form that a page can send", async () => {
      const body = await noise(2000);
      expect(body.length).to.be.above(11_000_000);
      const { status, grant: granted } = await grant({ object: "large ü.png" });
      expect(status).to.equal(201);
      expect(granted).to.include({ object: "large ü.png", method: "POST", maxBytes: 52_428_800 });
      expect((await sendGranted(granted, body)).status).to.equal(204);
      const image = await service.untilStatus("large ü.png", "READY");
      expect(image).to.include({ bytes: body.length, width: 2000, height: 2000 });
    });

    it("by a PUT of a stated length, that brings no other file", async () => {
      const body = await picture(30);
      const { status, grant: granted } = await grant({ object: "put.jpg", method: "PUT", bytes: body.length });
      expect(status).to.equal(201);
      expect((await sendGranted(granted, Buffer.concat([body, body]))).status).to.equal(403);
      expect((await service.get("put.jpg")).status).to.equal(404);
      expect((await sendGranted(granted, body)).status).to.equal(200);
      expect((await service.untilStatus("put.jpg", "READY")).bytes).to.equal(body.length);
    });

    it("only of images that it would take", async () => {
      const refused = await grant({ object: "photo.exe" });
      expect(refused.status).to.equal(400);
      expect(refused.grant)
        .to.have.nested.property("error.message")
        .that.matches(/must end in one of/);
    });
  });

  it("redirects to a rendition by its image type and the image's name", async () => {
    await service.put("shown ü.jpg", photo("p12.jpg"));
    await service.untilStatus("shown ü.jpg", "READY");
    const signed = await service.call("GET", "/images/small/shown%20%C3%BC.jpg", { redirect: "manual" });
    expect(signed.status).to.equal(302);
    expect(signed.headers.get("vary")).to.equal("Accept");
    const rendition = await fetch(signed.headers.get("location")!);
    expect(rendition.headers.get("cache-control")).to.equal("public, max-age=31536000, immutable");
    expect(await sharp(Buffer.from(await rendition.arrayBuffer())).metadata()).to.include({ width: 640, height: 480 });
    expect((await service.call("GET", "/images/huge/shown%20%C3%BC.jpg")).status).to.equal(404);
  });

  it("answers cheaply whether an image has changed, and when to ask again", async () => {
    await service.put("polled.jpg", photo("p12.jpg"));
    const waiting = await service.get("polled.jpg");
    expect(waiting.headers.get("retry-after")).to.equal("1");
    await waiting.body?.cancel();
    await service.untilStatus("polled.jpg", "READY");
    const first = await service.get("polled.jpg");
    const etag = first.headers.get("etag")!;
    expect(etag).to.match(/^"[0-9a-f]{32}"$/);
    expect(first.headers.get("retry-after")).to.equal(null);
    const known = { headers: { "if-none-match": etag } };
    const unchanged = await service.call("GET", "/raw/polled.jpg", known);
    expect({ status: unchanged.status, body: await unchanged.text() }).to.deep.equal({ status: 304, body: "" });
    const head = await service.call("HEAD", "/raw/polled.jpg");
    expect([head.status, head.headers.get("etag"), await head.text()]).to.deep.equal([200, etag, ""]);
    await service.put("polled.jpg", photo("d12.jpg"));
    await service.until(
      "polled.jpg",
      (_code, image) => image.status === "READY" && image.bytes !== photo("p12.jpg").length,
    );
    expect((await service.call("GET", "/raw/polled.jpg", known)).status).to.equal(200);
  });

  it("answers 404 for a name that it never saw", async () => {
    for (const method of ["GET", "DELETE"]) {
      const response = await service.call(method, "/raw/never-seen.jpg");
      expect(response.status).to.equal(404);
      expect(await response.json()).to.have.nested.property("error.code", "NotFound");
    }
  });

  it("refuses who does not sign", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const response = await fetch(`${service.endpoints.api}/raw/photo.jpg`, { method });
      expect(response.status, method).to.equal(403);
    }
  });

  it("replaces an image that is uploaded again, keeps its id, and clears the old one away", async () => {
    await service.put("twice.jpg", await picture(10));
    const first = await service.untilStatus("twice.jpg", "READY");
    await service.put("twice.jpg", await picture(11));
    const second = await service.until(
      "twice.jpg",
      (_code, image) => image.status === "READY" && image.generation !== first.generation,
    );
    expect(second.id).to.equal(first.id);
    await untilKeys(service, (keys) => !keys.some((key) => key.includes(first.generation!)));
    expect((await fetchRenditions(second)).size).to.equal(5);
  });

  it("deletes all of an image, answers 410 afterwards, and takes the name again", async () => {
    const name = "gone 🐌.jpg";
    await service.put(name, await picture(20));
    const image = await service.untilStatus(name, "READY");
    const deleted = await service.delete(name);
    expect(deleted.status).to.equal(202);
    expect(((await deleted.json()) as ImageStatus).status).to.be.oneOf(["DELETING", "DELETED"]);
    expect((await service.delete(name)).status, "a repeated DELETE").to.equal(202);
    await service.until(name, (code) => code === 410);
    expect(await keysOf(service)).not.to.include.members([image.renditions[0]!.url]);
    expect((await keysOf(service)).filter((key) => key.includes("gone"))).to.be.empty;
    const gone = await service.get(name);
    expect(await gone.json()).to.have.nested.property("error.code", "Deleted");

    await service.put(name, await picture(21));
    const again = await service.untilStatus(name, "READY");
    expect(again.id).to.equal(image.id);
  });
});

/** All keys of both buckets, old versions included. */
async function keysOf(service: LocalService): Promise<string[]> {
  const { aws, region, resources } = service.endpoints;
  const s3 = new S3Client({ endpoint: aws, region, credentials: service.keys, forcePathStyle: true });
  const keys: string[] = [];
  for (const { type, id } of Object.values(resources)) {
    if (type !== "aws:s3/bucket:Bucket") continue;
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: id }));
    keys.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = "" }) => Key));
  }
  s3.destroy();
  return keys;
}

async function untilKeys(service: LocalService, done: (keys: string[]) => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!done(await keysOf(service))) {
    if (Date.now() > deadline) throw new Error(`still there: ${(await keysOf(service)).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

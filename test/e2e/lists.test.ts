import { expect } from "chai";

import { cursorOf } from "../../handlers/entries/listRequest";
import type { ImageStatus, RenditionStatus } from "../../handlers/protocol/rawImageGetProcess";
import { LocalService } from "../../tools/commands";
import { photo, picture, temporaryFolder } from "./support";

interface Page {
  images: (Pick<ImageStatus, "object" | "id" | "status" | "createdAt"> & Partial<ImageStatus>)[];
  cursor?: string;
}

/** Each presigned URL has a signature of its own. */
const unsigned = (renditions: RenditionStatus[]) =>
  renditions.map(({ url, ...rest }) => ({ ...rest, url: url.replace(/\?.*/, "") }));

describe("the lists of images, over HTTP", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  const body = photo("d12.jpg");
  let service: LocalService;
  before(async () => (service = await LocalService.start({ data })));
  after(() => service.stop());

  const page = async (query: string): Promise<Page> => {
    const response = await service.call("GET", `/raw${query}`);
    expect(response.status, query).to.equal(200);
    return (await response.json()) as Page;
  };
  const names = Array.from({ length: 12 }, (_, i) => `early ${i} ü.jpg`);

  it("have each image once, from the newest, while others are uploaded", async () => {
    for (const name of names) await service.put(name, body);
    for (const name of names) await service.untilStatus(name, "READY");
    const seen: Page["images"] = [];
    const uploads: Promise<unknown>[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages === 0 || cursor !== undefined; pages++) {
      const { images, cursor: next } = await page(`?limit=5${cursor === undefined ? "" : `&cursor=${cursor}`}`);
      seen.push(...images);
      cursor = next;
      // A new image, and one that is listed or about to be.
      uploads.push(service.put(`late ${pages}.jpg`, body), service.put(names[pages]!, body));
      await Promise.all(uploads);
    }
    const objects = seen.map(({ object }) => object);
    expect(objects.filter((name) => names.includes(name))).to.have.members(names);
    expect(new Set(objects).size).to.equal(objects.length);
    const places = seen.map(({ createdAt, id }) => `${createdAt} ${id}`);
    expect(places).to.deep.equal([...places].sort().reverse());
    for (const name of names) await service.untilStatus(name, "READY");
    const image = (await (await service.get(names[0]!)).json()) as Record<string, unknown>;
    const { renditions, ...told } = image; // the index does not have them
    expect([renditions, told.placeholder, told.dominantColour]).not.to.include(undefined);
    const [listed] = (await page(`?prefix=${encodeURIComponent("early 0 ü")}`)).images;
    expect(listed).to.deep.equal(told);
  });

  it("have rejected and deleted names where they belong", async () => {
    await service.put("bad.jpg", Buffer.from("not an image"));
    await service.untilStatus("bad.jpg", "REJECTED");
    await service.put("gone.jpg", body);
    await service.untilStatus("gone.jpg", "READY");
    expect((await page("?prefix=gone")).images).to.have.length(1);
    await service.delete("gone.jpg");
    await service.until("gone.jpg", (code) => code === 410);
    expect((await page("?status=REJECTED")).images).to.have.length(1);
    for (const status of ["READY", "DELETING"])
      expect((await page(`?prefix=gone&status=${status}`)).images).to.be.empty;
  });

  it("tell renditions where they are asked for, as GET tells them", async () => {
    const name = names[1]!;
    const damaged = Buffer.concat([(await picture(1)).subarray(0, -100), Buffer.from("ffd9", "hex")]);
    await service.put("cut.jpg", damaged);
    await service.untilStatus("cut.jpg", "FAILED");
    await service.put(name, damaged);
    await service.until(name, (_, { pending }) => pending?.status === "FAILED");
    for (const query of ["", "&status=FAILED", "&status=REJECTED"]) {
      const { images, cursor } = await page(`?limit=5&renditions=true${query}`);
      for (const { renditions, ...listed } of images) {
        const image = (await (await service.get(listed.object)).json()) as ImageStatus;
        expect(unsigned(renditions ?? [])).to.deep.equal(unsigned(image.renditions));
        expect(renditions === undefined).to.equal(query !== "");
        for (const { url, bytes } of renditions ?? []) {
          expect((await (await fetch(url)).arrayBuffer()).byteLength).to.equal(bytes);
        }
      }
      expect(images).not.to.be.empty;
      const rest = cursor === undefined ? undefined : await page(`?limit=5&cursor=${cursor}`);
      expect(rest?.images[0] ?? {}).not.to.have.property("renditions");
    }
    const [pending] = (await page(`?renditions=true&prefix=${encodeURIComponent(name)}`)).images;
    expect(pending).to.deep.include({ object: name, status: "READY" });
    expect(pending?.renditions).not.to.be.empty;
  });

  it("refuse the cursor of another list, and that of another stack", async () => {
    const { cursor = "" } = await page("?limit=1");
    const elsewhere = cursorOf("2030-01-01T00:00:00.000Z id", { status: "READY", prefix: "" }, "another stack's table");
    const other = encodeURIComponent(cursor);
    for (const refused of [`?prefix=early&cursor=${other}`, `?status=FAILED&cursor=${other}`, `?cursor=${elsewhere}`]) {
      const response = await service.call("GET", `/raw${refused}`);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect([response.status, error.code], refused).to.deep.equal([400, "BadListRequest"]);
      expect(error.message).to.include("cursor must be one that this list answered");
    }
    expect((await page(`?limit=1&cursor=${other}`)).images).to.have.length(1);
  });

  for (const [query, message] of [
    ["?status=DELETED", 'status must be one of READY, PROCESSING, FAILED, REJECTED, DELETING; got "DELETED".'],
    ["?limit=101", 'limit must be a whole number from 1 to 100; got "101".'],
    ["?order=asc", "order is unknown; allowed are status, prefix, cursor, limit, renditions."],
    [`?prefix=${"a".repeat(201)}`, "prefix has 201 bytes; names have at most 200."],
    ["?renditions=yes", 'renditions must be true or false; got "yes".'],
    ["?cursor=AAAA", "cursor must be one that this list answered, with the same status and prefix. Start without it."],
  ] as const) {
    it(`refuse ${query.slice(0, 30)}`, async () => {
      const response = await service.call("GET", `/raw${query}`);
      expect([response.status, await response.json()]).to.deep.equal([
        400,
        { error: { code: "BadListRequest", message } },
      ]);
    });
  }
});

import { createHash } from "node:crypto";
import { request } from "node:http";
import { Readable } from "node:stream";

import { expect } from "chai";

import { emptyConsole } from "./support";

type Console = Awaited<ReturnType<typeof emptyConsole>>;

/** `fetch` sets Host and Origin by itself; this sends what it is told. */
function send(console: Console, method: string, path: string, headers: Record<string, string>) {
  return new Promise<{ status?: number; body: string }>((resolve, reject) => {
    request(console.url + path, { method, headers }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += String(chunk)));
      response.on("end", () => resolve({ status: response.statusCode, body }));
    })
      .on("error", reject)
      .end();
  });
}

describe("the console's server", () => {
  let console: Console;
  beforeEach(async () => (console = await emptyConsole()));
  afterEach(() => console.close());
  const port = (): string => new URL(console.url).port;
  const own = { "x-snail-console": "1" };

  describe("refuses", () => {
    const cases: [what: string, method: string, headers: () => Record<string, string>][] = [
      ["a host name that leads here from elsewhere", "GET", () => ({ host: `rebound.example:${port()}` })],
      ["another port's host", "GET", () => ({ host: "127.0.0.1:1" })],
      ["a page of another origin", "POST", () => ({ ...own, origin: "http://127.0.0.1:3000" })],
      ["a page without an origin of its own", "POST", () => ({ ...own, origin: "null" })],
      ["a change without the header that no form can send", "POST", () => ({})],
      ["a HEAD at a host name that leads here from elsewhere", "HEAD", () => ({ host: `rebound.example:${port()}` })],
    ];
    for (const [what, method, headers] of cases) {
      it(what, async () => {
        const { status, body } = await send(console, method, "/delete?name=photo.jpg", headers());
        expect(status).to.equal(403);
        if (method !== "HEAD") expect(body).to.match(/^\{"error":"the /);
        expect(console.calls).to.deep.equal([]);
      });
    }
  });

  it("deletes for its own page, at either name of this machine", async () => {
    for (const host of ["127.0.0.1", "localhost"]) {
      const headers = { ...own, host: `${host}:${port()}`, origin: `http://${host}:${port()}` };
      expect((await send(console, "POST", "/delete?name=a%20photo.jpg", headers)).status).to.equal(200);
    }
    expect(console.calls).to.deep.equal(Array(2).fill(["delete a photo.jpg", "tell a photo.jpg"]).flat());
  });

  it("tells what the API refuses", async () => {
    await console.close();
    const refused = async () => Promise.reject(Object.assign(new Error("no image photo.jpg"), { status: 404 }));
    console = await emptyConsole({ api: () => ({ get: refused, delete: refused, upload: refused }) });
    for (const path of ["/delete", "/upload"]) {
      const body = "x";
      const response = await fetch(`${console.url}${path}?name=photo.jpg`, { method: "POST", headers: own, body });
      expect(response.status).to.equal(404);
      expect(await response.json()).to.deep.equal({ error: "no image photo.jpg" });
    }
  });

  it("uploads for its own page, as much as the service takes", async () => {
    const upload = (body: string) =>
      fetch(`${console.url}/upload?name=photo.jpg`, { method: "POST", headers: own, body });
    expect((await upload("ten bytes!")).status).to.equal(200);
    expect(console.calls).to.deep.equal(["upload photo.jpg ten bytes!", "tell photo.jpg"]);
    const refused = await upload("eleven byte");
    expect(refused.status).to.equal(413);
    expect(await refused.text()).to.include("11 bytes, where 10 are allowed");
    expect(console.calls).to.have.length(2);
  });

  it("keeps an upload on disk, and only until it is sent", async () => {
    const files: { part: string; file: Blob }[] = [];
    await console.close();
    const upload = async (_name: string, file: Blob) => files.push({ part: await file.slice(2, 5).text(), file });
    console = await emptyConsole({ api: () => ({ get: async () => ({}), delete: async () => ({}), upload }) });
    const body = "ten bytes!";
    const response = await fetch(`${console.url}/upload?name=photo.jpg`, { method: "POST", headers: own, body });
    expect(response.status).to.equal(200);
    const [sent] = files;
    expect(sent?.part).to.equal("n b");
    const gone: unknown = await sent?.file.text().catch((error: unknown) => error);
    expect(gone).to.have.property("name", "NotReadableError");
  });

  it("shows a thumbnail of the generation that is served", async () => {
    await console.close();
    const thumbnail = async (name: string, generation: string) =>
      generation === "2" ? { body: Readable.from([name]), bytes: name.length, contentType: "image/webp" } : undefined;
    console = await emptyConsole({ images: () => ({ thumbnail }) as never });
    const found = await fetch(`${console.url}/thumbnail?name=photo.jpg&generation=2`);
    expect([found.status, found.headers.get("content-type"), await found.text()]).to.deep.equal([
      200,
      "image/webp",
      "photo.jpg",
    ]);
    expect((await fetch(`${console.url}/thumbnail?name=photo.jpg&generation=1`)).status).to.equal(404);
  });

  it("sends a picture that the service takes, or a file that it rejects, each time with other bytes", async () => {
    const files: [string, string][] = [];
    await console.close();
    const upload = async (name: string, file: Blob) => files.push([name, await file.text()]);
    console = await emptyConsole({ api: () => ({ get: async () => ({}), delete: upload, upload }) as never });
    const post = (query: string) => fetch(`${console.url}/sample?${query}`, { method: "POST", headers: own });
    for (const query of ["kind=good", "kind=good", "kind=bad"]) expect((await post(query)).status).to.equal(200);
    expect(files.map(([name]) => name)).to.deep.equal(["test picture.png", "test picture.png", "bad file.png"]);
    expect(files[0]?.[1]).to.include("PNG").and.not.to.equal(files[1]?.[1]);
    expect(files[2]?.[1]).to.include("not a picture");
  });

  it("sends a picture under a fault, and none where the fault is unknown", async () => {
    const post = (query: string) => fetch(`${console.url}/sample?${query}`, { method: "POST", headers: own });
    expect((await post("fault=kill&name=Taker")).status).to.equal(200);
    expect(console.calls[0]).to.equal("fault kill of Taker");
    expect(console.calls[1]).to.match(/^upload test picture\.png /);
    const refused = await post("fault=flood&name=Taker");
    expect([refused.status, await refused.text()]).to.deep.equal([
      404,
      '{"error":"there is no such fault, or no such function"}',
    ]);
    expect(console.calls.slice(3)).to.deep.equal(["fault flood of Taker"]);
  });

  it("moves dead letters of a cause back, or deletes them", async () => {
    expect(await (await fetch(`${console.url}/dead-letters`)).json()).to.deep.equal([]);
    const post = (act: string) =>
      fetch(`${console.url}/dead-letters?queue=Q&cause=Gone&act=${act}`, { method: "POST", headers: own });
    expect(await (await post("move")).json()).to.deep.equal({ letters: 1 });
    await post("delete");
    expect(console.calls).to.deep.equal(["move Gone of Q", "delete Gone of Q"]);
  });

  it("has a schedule run now, and none where it is unknown", async () => {
    const post = (name: string) => fetch(`${console.url}/fire?name=${name}`, { method: "POST", headers: own });
    expect((await post("Clock")).status).to.equal(200);
    const refused = await post("None");
    expect([refused.status, await refused.text()]).to.deep.equal([404, '{"error":"there is no such schedule"}']);
    expect(console.calls).to.deep.equal(["fire Clock", "fire None"]);
  });

  it("answers an error of its own with its message", async () => {
    const response = await fetch(`${console.url}/image?name=photo.jpg`);
    expect(response.status).to.equal(500);
    expect(await response.json()).to.deep.equal({ error: "there are no images" });
  });

  it("serves a page whose scripts are files, and one import map that its policy names", async () => {
    const response = await fetch(console.url);
    const html = await response.text();
    const [, inline = ""] = /<script type="importmap">(.*?)<\/script>/.exec(html) ?? [];
    const hash = createHash("sha256").update(inline).digest("base64");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).to.include(`script-src 'self' 'sha256-${hash}';`).and.include("default-src 'none'");
    expect(policy).not.to.include("unsafe");
    expect(html.match(/<script/g)).to.have.length(2);
    const { imports } = JSON.parse(inline) as { imports: Record<string, string> };
    for (const path of [...Object.values(imports), "/page/style.css", "/page/icon.svg"])
      expect((await fetch(console.url + path)).status, path).to.equal(200);
  });

  it("serves the page's scripts without types, whatever they import from each other", async () => {
    const seen = new Set<string>();
    const load = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const response = await fetch(console.url + path);
      expect(response.status, path).to.equal(200);
      expect(response.headers.get("content-type")).to.include("text/javascript");
      const script = await response.text();
      expect(script, path).not.to.match(/\binterface |: string\b/);
      for (const [, file = ""] of script.matchAll(/from "\.\/(\w+\.ts)"/g)) await load(`/page/${file}`);
    };
    await load("/page/main.ts");
    expect(seen.size).to.be.above(5);
  });

  it("answers HEAD as GET, without a body", async () => {
    const paths = ["/", "/page/style.css", "/page/icon.svg", "/page/main.ts", "/modules/preact.js", "/dead-letters"];
    for (const path of [...paths, "/part?name=None", "/none"]) {
      const [head, get] = await Promise.all(["HEAD", "GET"].map((method) => fetch(console.url + path, { method })));
      const told = (answer?: Response) => [answer?.status, answer?.headers.get("content-type")];
      expect(told(head), path).to.deep.equal(told(get));
      expect(await head?.text(), path).to.equal("");
    }
    const events = await fetch(`${console.url}/events`, { method: "HEAD" });
    expect([events.status, events.headers.get("content-type")]).to.deep.equal([200, "text/event-stream"]);
    expect(await events.text()).to.equal("");
  });

  it("refuses another method for its own page", async () => {
    for (const method of ["PUT", "DELETE", "OPTIONS"])
      expect(await send(console, method, "/", own)).to.deep.equal({
        status: 404,
        body: '{"error":"there is nothing here"}',
      });
  });

  it("serves nothing else", async () => {
    for (const path of [
      "/page/../index.ts",
      "/page/..%2findex.ts",
      "/modules/sharp.js",
      "/constructor",
      "/page/none.ts",
    ])
      expect((await send(console, "GET", path, {})).status, path).to.equal(404);
  });

  it("closes while a page listens", async () => {
    const response = await fetch(`${console.url}/events`);
    expect(response.headers.get("content-type")).to.equal("text/event-stream");
    await console.close();
    await response.text().catch(() => undefined);
    console = await emptyConsole();
  });

  it("takes another port where its own is in use", async () => {
    const other = await emptyConsole({}, Number(port()));
    expect(other.url).not.to.equal(console.url);
    expect((await fetch(other.url)).status).to.equal(200);
    await other.close();
  });
});

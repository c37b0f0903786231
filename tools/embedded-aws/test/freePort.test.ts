import { once } from "node:events";
import { createServer } from "node:net";

import { expect } from "chai";

import { freePort } from "../freePort";

describe("freePort", () => {
  it("gives a port that can be listened on", async () => {
    const port = await freePort(0);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
  });

  it("gives the wanted one if it is free", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    expect(await freePort(port)).to.equal(undefined);
    await new Promise((resolve) => server.close(resolve));
    expect(await freePort(port)).to.equal(port);
  });

  it("gives none beyond the last one", async () => {
    expect(await freePort(65_536)).to.equal(undefined);
  });

  it("gives none that is promised", async () => {
    const ports = new Set<number | undefined>();
    let last: number | undefined = 0;
    for (let i = 0; i < 20; i++) {
      const next = await freePort(0, last ?? 0);
      expect(next).not.to.equal(last);
      ports.add((last = next));
    }
    expect(ports).not.to.include(undefined);
  });
});

import { expect } from "chai";

import { LocalService } from "../../tools/commands";
import { fetchRenditions, picture, temporaryFolder } from "./support";

describe("a service that is killed in the middle of its work", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  let service: LocalService;
  after(() => service.stop());

  it("loses nothing that it acknowledged", async () => {
    service = await LocalService.start({ data });
    const names = Array.from({ length: 12 }, (_, i) => `photo ${i}.jpg`);
    const acknowledged: string[] = [];
    for (const [i, name] of names.entries()) {
      const put = await service.put(name, await picture(i));
      if (put.status === 202) acknowledged.push(name);
      if (i === 5 || i === 9) {
        await service.kill();
        service = await LocalService.start({ data });
      }
    }
    await service.kill();
    service = await LocalService.start({ data });
    expect(acknowledged).to.deep.equal(names);
    for (const name of acknowledged) {
      const image = await service.untilStatus(name, "READY");
      expect((await fetchRenditions(image)).size, name).to.equal(5);
    }
  });

  it("remembers after an orderly stop, and forgets with --fresh", async () => {
    expect(await service.stop()).to.equal(0);
    service = await LocalService.start({ data });
    expect((await service.get("photo 0.jpg")).status).to.equal(200);
    await service.stop();
    service = await LocalService.start({ data, flags: ["--fresh"] });
    expect((await service.get("photo 0.jpg")).status).to.equal(404);
  });
});

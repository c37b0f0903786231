import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { filesToSend } from "../../images/files";

describe("the files that snail send takes", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "send-"));
    mkdirSync(join(folder, "deep", "deeper"), { recursive: true });
    for (const name of ["b.jpg", "A.JPG", "notes.txt", "deep/c.png", "deep/deeper/u\u0308.jpg", "deep/b.webp"])
      writeFileSync(join(folder, name), "xy");
  });
  after(() => rmSync(folder, { recursive: true }));
  const named = (paths: string[], as?: string) =>
    filesToSend(paths, ["jpg", "png"], as).map(({ name, bytes }) => [name, bytes]);

  it("are all images in a folder and below it, by composed names", () => {
    expect(named([folder])).to.have.deep.members([
      ["A.JPG", 2],
      ["b.jpg", 2],
      ["c.png", 2],
      ["ü.jpg", 2],
    ]);
  });

  it("are files as they are named, whatever they are: the service decides", () => {
    expect(named([join(folder, "notes.txt")])).to.deep.equal([["notes.txt", 2]]);
    expect(named([join(folder, "b.jpg")], "x y.jpg")).to.deep.equal([["x y.jpg", 2]]);
  });

  it("must exist, be some, and have a name each", () => {
    const at = (name: string) => join(folder, name);
    expect(() => named([at("none.jpg")])).to.throw(`${at("none.jpg")} does not exist`);
    mkdirSync(at("empty"), { recursive: true });
    expect(() => named([at("empty")])).to.throw(`no image (jpg, png) in ${at("empty")}`);
    expect(() => named([at("b.jpg"), at("deep/c.png")], "x.jpg")).to.throw("--as names one image; there are 2 files");
    expect(() => named([at("b.jpg"), folder])).to.throw("would both be the image b.jpg");
  });
});

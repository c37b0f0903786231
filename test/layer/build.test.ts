import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { layerArchive } from "../../layer/archive";
import { buildLayer } from "../../layer/build";

const project = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "layer-project-"));
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "package-lock.json"), "{}");
  return folder;
};

/** Stands in for `npm ci`: makes these packages. */
const installing = (...packages: string[]) => {
  const calls: [string, string][] = [];
  const install = async (folder: string, cpu: string): Promise<void> => {
    calls.push([readdirSync(folder).sort().join(), cpu]);
    for (const name of [...packages, ".bin"]) mkdirSync(join(folder, "node_modules", name), { recursive: true });
    writeFileSync(join(folder, "node_modules", ".package-lock.json"), "{}");
  };
  return { calls, install };
};
const arm = ["sharp", "@img/colour", "@img/sharp-linux-arm64", "@img/sharp-libvips-linux-arm64"];

describe("the functions' layer", () => {
  it("is what npm installs from the lock file for Lambda's platform, and nothing beside it", async () => {
    const folder = project();
    const { calls, install } = installing(...arm, "@img/sharp-wasm32");
    const layer = await buildLayer("arm64", { project: folder, install });
    expect(calls).to.deep.equal([["package-lock.json,package.json", "arm64"]]);
    expect(layer).to.match(/\.layer[\\/][0-9a-f]{16}$/);
    expect(readdirSync(join(layer, "nodejs"))).to.deep.equal(["node_modules"]);
    expect(readdirSync(join(layer, "nodejs/node_modules")).sort()).to.deep.equal(["@img", "sharp"]);
    expect(readdirSync(join(layer, "nodejs/node_modules/@img"))).to.have.members([
      "colour",
      "sharp-linux-arm64",
      "sharp-libvips-linux-arm64",
    ]);
    expect(readdirSync(join(folder, ".layer"))).to.have.lengthOf(1);
  });

  it("is built once for a lock file and an architecture", async () => {
    const folder = project();
    const { calls, install } = installing(...arm);
    const x64 = installing("@img/sharp-linux-x64", "@img/sharp-libvips-linux-x64");
    const first = await buildLayer("arm64", { project: folder, install });
    expect(await buildLayer("arm64", { project: folder, install })).to.equal(first);
    expect(calls).to.have.lengthOf(1);

    expect(await buildLayer("x86_64", { project: folder, install: x64.install })).not.to.equal(first);
    expect(x64.calls.map(([, cpu]) => cpu)).to.deep.equal(["x64"]);

    writeFileSync(join(folder, "package-lock.json"), '{"changed":true}');
    expect(await buildLayer("arm64", { project: folder, install })).not.to.equal(first);
    expect(calls).to.have.lengthOf(2);
  });

  it("survives two builds at the same time", async () => {
    const folder = project();
    // The other process finishes first.
    const other = installing(...arm);
    const { install } = installing(...arm);
    const layer = await buildLayer("arm64", {
      project: folder,
      install: async (into, cpu) => {
        await install(into, cpu);
        const key = readdirSync(join(folder, ".layer"))[0]!.split(".")[0]!;
        const nodejs = join(folder, ".layer", key, "nodejs");
        mkdirSync(nodejs, { recursive: true });
        await other.install(nodejs, cpu);
      },
    });
    expect(existsSync(join(layer, "nodejs/node_modules/sharp"))).to.equal(true);
    expect(readdirSync(join(folder, ".layer"))).to.have.lengthOf(1);
  });

  for (const [what, packages] of [
    ["another platform's", ["@img/sharp-linux-x64", "@img/sharp-libvips-linux-x64"]],
    ["no", ["sharp"]],
    ["half of a", ["@img/sharp-linux-arm64"]],
    ["more than one", [...arm, "@img/sharp-linuxmusl-arm64"]],
  ] as [string, string[]][]) {
    it(`refuses ${what} sharp, and leaves nothing behind`, async () => {
      const folder = project();
      const { install } = installing(...packages);
      const error = await buildLayer("arm64", { project: folder, install }).catch((reason: unknown) => reason as Error);
      expect(String(error)).to.include(
        "must have @img/sharp-libvips-linux-arm64 and @img/sharp-linux-arm64; npm installed ",
      );
      expect(readdirSync(join(folder, ".layer"))).to.deep.equal([]);
    });
  }

  it("says what npm said when it fails", async () => {
    const folder = project();
    writeFileSync(join(folder, "package.json"), '{"dependencies":{"sharp":"1.0.0"}}'); // which the lock file does not have
    const error = await buildLayer("arm64", { project: folder }).catch((reason: unknown) => reason as Error);
    expect(String(error)).to.include("could not be installed by npm ci:\n").and.include("npm error");
  });

  it("is taken as it is from a folder that is ready", async () => {
    expect(await layerArchive({ architecture: "arm64", folder: "/ready" }))
      .to.have.property("path")
      .that.is.a("promise");
  });
});

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { readStackConfig } from "../../program/stackConfig";

const project = (stacks: Record<string, string>): string => {
  const folder = mkdtempSync(join(tmpdir(), "project-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
  for (const [stack, text] of Object.entries(stacks)) writeFileSync(join(folder, `Pulumi.${stack}.yaml`), text);
  return folder;
};

describe("readStackConfig", () => {
  it("gives text as it is and everything else as JSON, as Pulumi does", () => {
    const folder = project({
      dev: 'config:\n  aws:region: eu-west-1\n  shop:on: true\n  shop:size: 5\n  shop:text: "5"\n  shop:of:\n    a: [1]\n',
    });
    expect(readStackConfig(folder, "dev")).to.deep.equal({
      "aws:region": "eu-west-1",
      "shop:on": "true",
      "shop:size": "5",
      "shop:text": "5",
      "shop:of": '{"a":[1]}',
    });
  });

  it("takes a stack without configuration", () => {
    expect(readStackConfig(project({ dev: "", prod: "encryptionsalt: x\n" }), "dev")).to.deep.equal({});
    expect(readStackConfig(project({ dev: "", prod: "encryptionsalt: x\n" }), "prod")).to.deep.equal({});
  });

  it("names the stacks there are, where the wanted one is not", () => {
    expect(() => readStackConfig(project({ prod: "", dev: "" }), "test")).to.throw(
      /^there is no stack test; .* has dev, prod$/,
    );
  });

  it("names every secret, alone or within an object, because it cannot read them", () => {
    const text =
      "config:\n  shop:a:\n    secure: xyz\n  shop:b:\n    c:\n      - d:\n          secure: xyz\n  shop:e: plain\n";
    expect(() => readStackConfig(project({ dev: text }), "dev")).to.throw(
      /: shop:a, shop:b cannot be read here, because only Pulumi can decrypt secrets$/,
    );
  });
});

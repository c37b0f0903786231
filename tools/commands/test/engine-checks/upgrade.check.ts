import { cpSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";
import { stateFile, stateOf } from "../../engine/state";
import { fixture, previewed, pulumi, stackUnderCheck, succeeded } from "./support";

/** Snapshots by nature: each change of their content makes a new one. */
const SNAPSHOTS = ["aws:apigateway/deployment:Deployment", "aws:lambda/layerVersion:LayerVersion"];

/** Rights that a function of the first release had, and has no more. */
const TAKEN_AWAY = ["RawImagePutProcess-SnailImagesBucketDeletePolicy"];

describe("the state of the first release", function () {
  this.timeout(600_000);
  const target = stackUnderCheck("dev");

  it("is upgraded without a replacement, and without a deletion on AWS but of rights", async () => {
    // A rename without an alias shows as a deletion and a creation, a changed name as a replacement.
    const file = stateFile(target);
    mkdirSync(dirname(file), { recursive: true });
    cpSync(fixture("first-release.dev.json"), file);
    // Of a component and of a resource that its state says to retain, the engine forgets the state and no more.
    const onAws = stateOf(target).filter(({ custom, retainOnDelete }) => custom && retainOnDelete !== true);
    const kept = onAws.filter(({ urn }) => !TAKEN_AWAY.some((name) => urn.endsWith(`::${name}`)));
    const deletable = new Set(kept.map(({ urn }) => urn));
    const { changes } = await previewed(target);
    const lost = changes.filter(
      ({ op, type, urn }) => (op === "replace" || (op === "delete" && deletable.has(urn))) && !SNAPSHOTS.includes(type),
    );
    expect(lost.map(({ op, urn, forcedBy }) => [op, urn, forcedBy])).to.deep.equal([]);
  });

  it("is up to date afterwards", async () => {
    await succeeded(pulumi(target, "up", "--yes", "--skip-preview"));
    await succeeded(pulumi(target, "preview", "--expect-no-changes"));
  });
});

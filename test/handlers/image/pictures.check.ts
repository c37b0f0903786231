import { expect } from "chai";
import { hardenSharp } from "../../../handlers/image/safety";
import { cellsOf, pictures, type Picture } from "../../../tools/commands";

/** As `npx snail pictures` checks it. */
describe("renditions look like their originals, and carry nothing but pixels", () => {
  let all: Picture[];
  before(async () => {
    hardenSharp();
    all = await pictures();
  });

  it("of every kind of picture", async function () {
    this.timeout(120_000);
    const problems: string[] = [];
    let cells = 0;
    for (const picture of all)
      for (const { rendition, problem } of await cellsOf(picture)) {
        cells += 1;
        if (problem !== undefined) problems.push(`${picture.name}, ${rendition.spec.imageType}: ${problem}`);
      }
    expect(problems).to.deep.equal([]);
    expect(cells).to.be.above(500);
  });

  it("which is noticed where one has another picture's pixels", async () => {
    const named = (name: string) => all.find((picture) => picture.name === name)!;
    const turned = { ...named("jpeg, orientation 2"), shows: named("1 bit").shows };
    expect((await cellsOf(turned)).filter(({ problem }) => problem === undefined)).to.deep.equal([]);
  });
});

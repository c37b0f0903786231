import { expect } from "chai";
import { InvocationSlots, type Urgency } from "../../lambda/invocationSlots";

describe("Slots of invocations", () => {
  const track = (slots: InvocationSlots) => {
    const started: string[] = [];
    const take = (name: string, urgency: Urgency): void => void slots.take(urgency).then(() => started.push(name));
    const settled = async (): Promise<string[]> => {
      await new Promise((resolve) => setImmediate(resolve));
      return started.splice(0);
    };
    return { take, settled };
  };

  it("keep one for callers, however many run in the background", async () => {
    const slots = new InvocationSlots(2);
    const { take, settled } = track(slots);
    for (const name of ["a", "b", "c"]) take(name, "background");
    take("GET", "caller");
    take("GET 2", "caller");
    expect(await settled()).to.deep.equal(["a", "b", "GET"]);
    slots.give("caller");
    expect(await settled()).to.deep.equal(["GET 2"]);
    slots.give("background");
    expect(await settled()).to.deep.equal(["c"]);
    expect(slots.inProgress).to.equal(3);
  });

  it("go to callers when nothing else needs them", async () => {
    const slots = new InvocationSlots(1);
    const { take, settled } = track(slots);
    for (const name of ["GET", "GET 2", "GET 3"]) take(name, "caller");
    take("a", "background");
    expect(await settled()).to.deep.equal(["GET", "GET 2"]);
    slots.give("caller");
    expect(await settled()).to.deep.equal(["GET 3"]);
    slots.give("caller");
    expect(await settled()).to.deep.equal(["a"]);
  });

  it("tell when one is free for the background", async () => {
    const slots = new InvocationSlots(1);
    const { take, settled } = track(slots);
    take("a", "background");
    await settled();
    let free = false;
    void slots.free().then(() => (free = true));
    await settled();
    expect(free).to.equal(false);
    slots.give("background");
    await settled();
    expect(free).to.equal(true);
  });
});

import { expect } from "chai";
import { batchMs } from "../../cost/batchTime";

describe("the time of a batch", () => {
  const one = { atOnce: 1, processors: 1, waitMs: 100 };

  it("is an image's waits and CPU, one image after the other", () => {
    expect(batchMs(one, [200])).to.be.closeTo(400, 0.001);
    expect(batchMs(one, [200, 300])).to.be.closeTo(900, 0.001);
  });

  it("is longer with less than a processor, and no shorter with more than one for each image", () => {
    expect(batchMs({ ...one, processors: 0.5 }, [200])).to.be.closeTo(600, 0.001);
    expect(batchMs({ ...one, processors: 2 }, [200])).to.be.closeTo(400, 0.001);
  });

  it("has images share the processors while they wait beside one another", () => {
    expect(batchMs({ ...one, atOnce: 2 }, [200, 200])).to.be.closeTo(600, 0.001);
    expect(batchMs({ ...one, atOnce: 2, processors: 2 }, [200, 200])).to.be.closeTo(400, 0.001);
    // The first is made after 300 ms; the second has 100 ms left, alone.
    expect(batchMs({ ...one, atOnce: 2 }, [100, 200])).to.be.closeTo(500, 0.001);
    // The third waits for its original while the second is made.
    expect(batchMs({ ...one, atOnce: 2 }, [100, 500, 100])).to.be.closeTo(900, 0.001);
  });
});

import { expect } from "chai";
import type { Rendered, Rendition } from "../../../handlers/imagePorts";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import {
  watchedDecoder,
  type Answer,
  type DecoderProcess,
  type Order,
  type SentRendition,
  type Usage,
} from "../../../handlers/image/watch";

const spec: RenditionSpec = { imageType: "i", width: 9, height: 9, fit: "inside", format: "jpeg", quality: 80 };
const moving: RenditionSpec = { ...spec, format: "webp", animated: true };
const limits = {
  memoryMiB: 500,
  still: { cpuMs: 2_000, elapsedMs: 20_000 },
  animated: { cpuMs: 10_000, elapsedMs: 60_000 },
};
const rendered = { preview: { placeholder: "p", dominantColour: "#000000" } } as Rendered;
const rendition = (body: string): SentRendition => ({
  spec: 0,
  format: "jpeg",
  body: Buffer.from(body),
  width: 9,
  height: 9,
});

/** A process whose answers a test gives, one after the other. */
class FakeProcess implements DecoderProcess {
  readonly orders: Order[] = [];
  killed = false;
  now: Usage | undefined = { cpuMs: 100, memoryMiB: 100 };
  private readonly answers: (Answer | undefined)[] = [];
  private wake: () => void = () => undefined;

  constructor(private readonly onOrder: (process: FakeProcess, order: Order) => void) {}

  send(order: Order): void {
    this.orders.push(order);
    this.onOrder(this, order);
  }
  answer(answer: Answer): void {
    this.answers.push(answer);
    this.wake();
  }
  end(): void {
    this.answers.push(undefined);
    this.wake();
  }
  async next(): Promise<Answer | undefined> {
    while (this.answers.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.answers.shift();
  }
  usage(): Usage | undefined {
    return this.now;
  }
  kill(): void {
    this.killed = true;
    this.end();
  }
}

const storeIn =
  (stored: string[]) =>
  async ({ body }: Rendition): Promise<void> =>
    void stored.push(Buffer.from(body).toString());

/** A watch over processes that do with each order as `onOrder` says. */
function harness(onOrder: (process: FakeProcess, order: Order) => void, { starts = true } = {}) {
  const processes: FakeProcess[] = [];
  const clock = { now: 0 };
  const makeRenditions = watchedDecoder(
    {
      start() {
        const process = new FakeProcess(onOrder);
        processes.push(process);
        if (starts) process.answer({ id: 0, ready: true });
        else process.end();
        return process;
      },
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      now: () => clock.now,
    },
    limits,
  );
  const stored: string[] = [];
  const make = (specs = [spec], store = storeIn(stored)) => makeRenditions(Buffer.from("original"), specs, store);
  return { make, processes, stored, clock };
}
const done = (process: FakeProcess, { id }: Order) => process.answer({ id, rendered });

describe("the watch over the decoder", () => {
  it("stores each rendition and resolves with what was rendered, in one process for all originals", async () => {
    const { make, processes, stored } = harness((process, order) => {
      process.answer({ id: order.id, rendition: rendition(`of ${order.id}`) });
      done(process, order);
    });
    expect(await make()).to.equal(rendered);
    expect(await make()).to.equal(rendered);
    expect(stored).to.deep.equal(["of 1", "of 2"]);
    expect(processes).to.have.length(1);
  });

  it("decodes one original at a time, while the last one's renditions are still being stored", async () => {
    const { make, processes } = harness((process, order) => {
      process.answer({ id: order.id, rendition: rendition("r") });
      if (order.id === 1) done(process, order);
    });
    let finish: () => void = () => undefined;
    const first = make([spec], () => new Promise<void>((resolve) => (finish = resolve)));
    const second = make();
    const [process] = processes as [FakeProcess];
    const orders = async (count: number) => {
      while (process.orders.length !== count) await new Promise(setImmediate);
    };
    await orders(2);
    const third = make();
    await new Promise(setImmediate);
    expect(process.orders.map(({ id }) => id)).to.deep.equal([1, 2]);
    finish();
    await first;
    process.answer({ id: 2, rendered });
    await second;
    await orders(3);
    process.answer({ id: 3, rendered });
    expect(await third).to.equal(rendered);
  });

  const excesses: [
    cause: string,
    how: (process: FakeProcess, clock: { now: number }) => void,
    specs?: RenditionSpec[],
  ][] = [
    ["decoder-cpu", (process) => (process.now = { cpuMs: 2_101, memoryMiB: 100 })],
    ["decoder-cpu", (process) => (process.now = { cpuMs: 10_101, memoryMiB: 100 }), [moving]],
    ["decoder-memory", (process) => (process.now = { cpuMs: 100, memoryMiB: 501 })],
    ["decoder-time", (_, clock) => (clock.now += 20_001)],
    ["decoder-time", (_, clock) => (clock.now += 60_001), [moving]],
    ["decoder-crash", (process) => process.end()],
  ];
  for (const [cause, exceed, specs = [spec]] of excesses) {
    it(`stops or gives up an original that exceeds ${cause}${specs[0]?.animated ? " of animations" : ""}, and no other`, async () => {
      const { make, processes, clock } = harness((process, order) => {
        if (order.id === 1) exceed(process, clock);
        else done(process, order);
      });
      const answer = await make(specs);
      expect(answer).to.include({ cause });
      expect(answer.undecodable).to.match(/^The image cannot be decoded: .*\. .*\.$/);
      expect(await make(specs)).to.equal(rendered);
      expect(processes.map(({ killed }) => killed)).to.deep.equal([true, false]);
    });
  }

  it("counts the CPU of this original alone, and stops none within its limits", async () => {
    const { make, processes } = harness((process, order) => {
      process.now = { cpuMs: (process.now?.cpuMs ?? 0) + 2_000, memoryMiB: 200 };
      setTimeout(() => done(process, order), 5);
    });
    for (let i = 0; i < 3; i++) expect(await make()).to.equal(rendered);
    expect(processes).to.have.length(1);
  });

  it("goes by elapsed time where the system does not report the others", async () => {
    const { make, clock } = harness((process) => {
      process.now = undefined;
      clock.now += 20_001;
    });
    expect(await make()).to.include({ cause: "decoder-time" });
  });

  it("takes no answer about another original for one about this, late or given twice", async () => {
    const { make, stored } = harness((process, order) => {
      if (order.id === 2) {
        process.answer({ id: 1, rendition: rendition("late") });
        process.answer({ id: 1, rendered: { undecodable: "Late.", cause: "late" } });
      }
      done(process, order);
    });
    await make();
    expect(await make()).to.equal(rendered);
    expect(stored).to.deep.equal([]);
  });

  it("replaces a process that keeps much memory", async () => {
    const { make, processes } = harness((process, order) => {
      process.now = { cpuMs: 100, memoryMiB: 300 };
      done(process, order);
    });
    await make();
    expect(processes[0]?.killed).to.equal(true);
    await make();
    expect(processes).to.have.length(2);
  });

  it("rejects where the process cannot start, or an error is not the original's, so that the message is tried again", async () => {
    const errorOf = (promise: Promise<unknown>) =>
      promise.then(
        () => undefined,
        (error: unknown) => error as Error,
      );
    const { make } = harness(done, { starts: false });
    expect((await errorOf(make()))?.message).to.equal("the decoder's process ended before it was ready");
    const other = harness((process, { id }) =>
      process.answer({ id, error: { name: "TypeError", message: "a mistake" } }),
    );
    expect(await errorOf(other.make())).to.include({ name: "TypeError", message: "a mistake" });
    expect(other.processes).to.have.length(1);
  });

  it("replaces a process that cannot be given an original", async () => {
    const { make, processes } = harness((process, order) => {
      if (order.id === 1) throw new Error("no space left");
      done(process, order);
    });
    const error: unknown = await make().catch((reason: unknown) => reason);
    expect(String(error)).to.equal("Error: no space left");
    expect(await make()).to.equal(rendered);
    expect(processes.map(({ killed }) => killed)).to.deep.equal([true, false]);
  });

  it("rejects where a store fails, once all others have ended", async () => {
    const { make } = harness((process, order) => {
      for (const body of ["bad", "slow"]) process.answer({ id: order.id, rendition: rendition(body) });
      done(process, order);
    });
    const ended: string[] = [];
    const store = async ({ body }: Rendition) => {
      if (Buffer.from(body).toString() === "bad") throw new Error("S3 is away");
      await new Promise((resolve) => setTimeout(resolve, 5));
      ended.push("slow");
    };
    const error: unknown = await make([spec], store).catch((reason: unknown) => reason);
    expect(String(error)).to.equal("Error: S3 is away");
    expect(ended).to.deep.equal(["slow"]);
  });
});

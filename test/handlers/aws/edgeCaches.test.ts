import type { CreateInvalidationCommandInput } from "@aws-sdk/client-cloudfront";
import { expect } from "chai";
import { createDeliveryUrls } from "../../../handlers/aws/deliveryUrls";
import { createEdgeCaches } from "../../../handlers/aws/edgeCaches";

describe("createDeliveryUrls", () => {
  it("percent-encodes each segment of an object's key", async () => {
    const urls = createDeliveryUrls("https://d1.cloudfront.net");
    const name = `ä ö(1)*!'&=@#?%🐌~.jpg`;
    expect(await urls.url(`large/${name}/1.jpg`)).to.equal(
      "https://d1.cloudfront.net/large/%C3%A4%20%C3%B6%281%29%2A%21%27%26%3D%40%23%3F%25%F0%9F%90%8C~.jpg/1.jpg",
    );
  });
});

describe("createEdgeCaches", () => {
  /** A distribution whose requests end when they are told to. */
  function distribution() {
    const requests: { input: CreateInvalidationCommandInput; end: (error?: Error) => void }[] = [];
    const send = ({ input }: { input: CreateInvalidationCommandInput }) =>
      new Promise((resolve, reject) => requests.push({ input, end: (error) => (error ? reject(error) : resolve({})) }));
    const paths = () => requests.map(({ input }) => input.InvalidationBatch?.Paths?.Items);
    return { edgeCaches: createEdgeCaches({ send } as never, "D1"), requests, paths };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it("invalidates the paths that viewers were told", async () => {
    const { edgeCaches, requests } = distribution();
    const forgotten = edgeCaches.forget(["large/a ü.jpg/1.jpg", "small/a ü.jpg/1.webp"]);
    await turn();
    requests[0]!.end();
    await forgotten;
    const { CallerReference, Paths } = requests[0]!.input.InvalidationBatch!;
    expect(CallerReference).to.match(/^[0-9a-f-]{36}$/);
    expect(requests[0]!.input.DistributionId).to.equal("D1");
    expect(Paths).to.deep.equal({
      Quantity: 2,
      Items: ["/large/a%20%C3%BC.jpg/1.jpg", "/small/a%20%C3%BC.jpg/1.webp"],
    });
  });

  it("sends those together that come while a request is under way, each once", async () => {
    const { edgeCaches, requests, paths } = distribution();
    const first = edgeCaches.forget(["a"]);
    await turn();
    const others = [edgeCaches.forget(["b", "c"]), edgeCaches.forget(["c", "d"])];
    await turn();
    expect(paths()).to.deep.equal([["/a"]]);
    requests[0]!.end();
    await first;
    await turn();
    expect(paths()).to.deep.equal([["/a"], ["/b", "/c", "/d"]]);
    requests[1]!.end();
    await Promise.all(others);
    expect(new Set(requests.map(({ input }) => input.InvalidationBatch?.CallerReference)).size).to.equal(2);
  });

  it("fails all that went together, and no other", async () => {
    const { edgeCaches, requests } = distribution();
    const first = edgeCaches.forget(["a"]).catch((error: unknown) => error);
    await turn();
    const second = edgeCaches.forget(["b"]);
    requests[0]!.end(new Error("TooManyInvalidationsInProgress"));
    expect(String(await first)).to.equal("Error: TooManyInvalidationsInProgress");
    await turn();
    requests[1]!.end();
    await second;
  });

  it("asks for nothing where there is nothing", async () => {
    const { edgeCaches, requests } = distribution();
    await edgeCaches.forget([]);
    expect(requests).to.deep.equal([]);
  });
});

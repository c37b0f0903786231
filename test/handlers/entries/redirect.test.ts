import { expect } from "chai";
import { redirect } from "../../../handlers/entries/redirect";

const rendition = {
  imageType: "small",
  imageId: "small/a.jpg/1.jpg",
  format: "jpeg",
  bytes: 1,
  width: 2,
  height: 3,
} as const;
const large = { ...rendition, imageType: "large", imageId: "large/a.jpg/1.jpg" };
const webp = { ...rendition, imageId: "small/a.jpg/1.webp", format: "webp" } as const;
const image = { object: "a.jpg", status: "READY", renditions: [webp, rendition, large] };
const none = { object: "a.jpg", renditions: [] };

describe("the answer to a request for one rendition", () => {
  const signed: string[] = [];
  const urls = {
    url: (imageId: string) => {
      signed.push(imageId);
      return Promise.resolve(`https://a/${imageId}`);
    },
  };
  const answerTo = (of: Parameters<typeof redirect>[0], imageType: string, accept?: string) =>
    redirect(of, { imageType, accept }, urls);
  beforeEach(() => signed.splice(0));

  it("is where it is, to be kept for a minute by this client alone", async () => {
    expect(await answerTo(image, "large")).to.deep.equal({
      status: 302,
      body: undefined,
      headers: { location: "https://a/large/a.jpg/1.jpg", "cache-control": "private, max-age=60", vary: "Accept" },
    });
  });

  it("makes the URL of the one rendition alone, in the format that the request likes best", async () => {
    await answerTo(image, "small", "image/webp,*/*");
    expect(signed.splice(0)).to.deep.equal(["small/a.jpg/1.webp"]);
    await answerTo(image, "small", "image/png,*/*");
    expect(signed).to.deep.equal(["small/a.jpg/1.jpg"]);
  });

  it("names the renditions that there are where this one is not among them", async () => {
    const message = '"a.jpg" has no rendition "huge". It has small, large.';
    expect(await answerTo(image, "huge")).to.deep.equal({
      status: 404,
      body: { error: { code: "NoSuchRendition", message } },
    });
    expect(signed).to.deep.equal([]);
  });

  it("is 202 while renditions are made", async () => {
    for (const status of ["UPLOADED", "PROCESSING"]) {
      const headers = { "retry-after": "1" };
      expect(await answerTo({ ...none, status }, "small")).to.deep.equal({
        status: 202,
        body: { object: "a.jpg", status },
        headers,
      });
    }
  });

  it("tells why there will be none", async () => {
    const message = async (of: { status: string; reason?: string }) =>
      ((await answerTo({ ...none, ...of }, "small")).body as { error: { message: string } }).error.message;
    expect(await message({ status: "REJECTED", reason: "The file is empty." })).to.equal(
      '"a.jpg" is REJECTED. The file is empty.',
    );
    expect(await message({ status: "DELETING" })).to.equal('"a.jpg" is DELETING. It has no renditions.');
  });
});

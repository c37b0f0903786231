import { expect } from "chai";
import { withUrls } from "../../../handlers/entries/withUrls";

describe("withUrls", () => {
  it("makes one URL of an object that renditions share", async () => {
    const made = { format: "jpeg", bytes: 5, width: 2, height: 1 } as const;
    const renditions = [
      { imageType: "large", imageId: "large/a.jpg/1.jpg", ...made },
      { imageType: "medium", imageId: "large/a.jpg/1.jpg", ...made },
      { imageType: "small", imageId: "small/a.jpg/1.jpg", ...made },
    ];
    let signed = 0;
    const url = (imageId: string) => Promise.resolve(`https://example.com/${imageId}?signature=${++signed}`);
    const image = { object: "a.jpg", id: "i", status: "READY", createdAt: "", updatedAt: "", renditions } as const;
    const answer = await withUrls({ ...image, renditions }, { url });
    expect(answer.renditions.map((one) => one.url)).to.deep.equal([
      "https://example.com/large/a.jpg/1.jpg?signature=1",
      "https://example.com/large/a.jpg/1.jpg?signature=1",
      "https://example.com/small/a.jpg/1.jpg?signature=2",
    ]);
    expect(answer.renditions[1]).to.deep.equal({ imageType: "medium", url: answer.renditions[0]?.url, ...made });
  });
});

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";

import { statusText } from "../../operate/status";
import { longest, spanText } from "../../operate/waiting";
import { waitingUploads } from "../../operate/waitingUploads";

const uploadedAt = (minute: number) => `2030-01-01T00:0${minute}:00.000Z`;

describe("the image that waits longest", () => {
  it("is the one that was uploaded first", () => {
    const [one, two] = [
      { name: "one.jpg", status: "PROCESSING" as const, uploadedAt: uploadedAt(2) },
      { name: "two.jpg", status: "UPLOADED" as const, uploadedAt: uploadedAt(1) },
    ];
    expect(longest([one, undefined, two])).to.equal(two);
    expect(longest([undefined])).to.equal(undefined);
  });

  it("is found among the uploads in the temp bucket, of which no name is too odd to be listed", async () => {
    const pages = [
      { Versions: [version("late.jpg", 2), version("early%0A.jpg", 1)], IsTruncated: true, NextKeyMarker: "images/z" },
      { Versions: [version("z.jpg", 3)] },
    ];
    const asked: unknown[] = [];
    const s3 = {
      send: ({ input }: { input: object }) => {
        asked.push(input);
        return Promise.resolve(pages[asked.length - 1]);
      },
    };
    const dynamodb = new DynamoDBClient({ region: "eu-west-1" });
    const target = { s3, dynamodb, tempImagesBucket: "temp" } as unknown as Parameters<typeof waitingUploads>[0];
    expect(await waitingUploads(target)).to.deep.equal({
      uploads: 3,
      waiting: { name: "early\n.jpg", status: "UPLOADED", uploadedAt: uploadedAt(1) },
    });
    expect(asked).to.have.length(2);
  });

  const version = (name: string, minute: number) => ({
    Key: `images/${name}`,
    VersionId: name,
    LastModified: new Date(uploadedAt(minute)),
  });

  it("is told with the time since its upload", () => {
    const longestWaiting = { name: "a.jpg", status: "UPLOADED" as const, uploadedAt: uploadedAt(1), seconds: 3900 };
    const text = statusText({ stack: "dev", names: [], uploads: 10_000, longestWaiting, queues: [], alarms: [] });
    expect(text).to.include(
      "\nUploads that are not taken in yet: 10,000+\n" +
        "Waits longest: a.jpg, UPLOADED, uploaded 1 h 5 min ago (2030-01-01T00:01:00.000Z)\n",
    );
  });

  it("waits for a time that is told in its two largest units", () => {
    const texts = [0, 5.9, 185, 3900, 3605, 86_400 + 3599, 2 * 86_400, 100 * 86_400 + 3600].map(spanText);
    expect(texts).to.deep.equal(["0 s", "5 s", "3 min 5 s", "1 h 5 min", "1 h", "1 d", "2 d", "100 d 1 h"]);
  });
});

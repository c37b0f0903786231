import { expect } from "chai";

import type { Image } from "../../client";
import { isDecided } from "../../client/outcome";
import { generationOf } from "../../handlers/protocol/generation";

const [then, now] = ["2030-01-01T00:00:00.000Z", "2030-01-01T00:00:01.000Z"];
const [first, second] = ["v1", "v2"].map((versionId) => generationOf("content", versionId));
const live = { status: "READY", generation: first, updatedAt: now } as const;

describe("an upload that the client waits for", () => {
  for (const [what, image, decided] of [
    ["waits", { status: "UPLOADED" }, false],
    ["is PROCESSING", { ...live, generation: second, status: "PROCESSING" }, false],
    ["is READY", { ...live, generation: second }, true],
    ["is FAILED", { ...live, generation: second, status: "FAILED" }, true],
    ["is REJECTED", { status: "REJECTED", reason: "Not an image.", updatedAt: now }, true],
    ["waits while the image before it is served", live, false],
    ["waits, and an earlier one was rejected", { ...live, reason: "Not an image.", updatedAt: then }, false],
    [
      "is pending while the image before it is served",
      { ...live, pending: { status: "PROCESSING", generation: second } },
      false,
    ],
    ["failed, and the image before it is served", { ...live, pending: { status: "FAILED", generation: second } }, true],
    ["waits, and another one failed", { ...live, pending: { status: "FAILED", generation: first } }, false],
  ] as [string, Omit<Image, "object" | "renditions">, boolean][])
    it(`is ${decided ? "decided" : "not decided"} where it ${what}`, async () => {
      const upload = { object: "a.jpg", versionId: "v2", before: then };
      expect(await isDecided({ object: "a.jpg", renditions: [], ...image }, upload)).to.equal(decided);
    });
});

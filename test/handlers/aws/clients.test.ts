import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import {
  createCloudFrontClient,
  createDocumentClient,
  createS3Client,
  createSqsClient,
} from "../../../handlers/aws/clients";
import { withEnvironment } from "../protocol/support";

describe("the SDK's clients", () => {
  it("try four times, and add no checksums that S3 does not ask for", () =>
    withEnvironment({ AWS_REGION: "eu-central-1" }, async () => {
      const s3 = createS3Client();
      for (const client of [s3, createSqsClient(), createDocumentClient(), createCloudFrontClient()]) {
        expect(await client.config.maxAttempts()).to.equal(4);
        expect(await client.config.region()).to.equal("eu-central-1");
        client.destroy();
      }
      expect(await s3.config.requestChecksumCalculation()).to.equal("WHEN_REQUIRED");
      expect(await s3.config.responseChecksumValidation()).to.equal("WHEN_REQUIRED");
    }));

  it("sign no hash of a body, which TLS protects, and the hash of what has none", async () => {
    const hashes: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      hashes.push(headers["x-amz-content-sha256"] as string | undefined);
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const keys = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" };
    await withEnvironment(
      { AWS_REGION: "eu-central-1", AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, ...keys },
      async () => {
        const s3 = createS3Client();
        await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: Buffer.from("body") }));
        await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "key" }));
        s3.destroy();
      },
    );
    server.close();
    expect(hashes).to.deep.equal(["UNSIGNED-PAYLOAD", createHash("sha256").digest("hex")]);
  });
});

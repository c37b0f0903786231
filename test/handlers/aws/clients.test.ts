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
});

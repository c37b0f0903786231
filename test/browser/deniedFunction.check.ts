import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";

import { startHere } from "../../tools/commands";
import { startConsole, type Console } from "../../tools/console";
import { gather, type LocalRun, parseFaults } from "../../tools/embedded-aws";
import { photo, temporaryFolder } from "../e2e/support";
import { launchChromium } from "./chromium";

/** The grant that the stack of this test lacks. */
const missing = "RawImagePutProcess-SnailImagesBucketPutPolicy";

/** The service without that policy, as if it had been forgotten. */
const startWithoutGrant = (data: string): Promise<LocalRun> =>
  startHere(data, {
    faults: parseFaults("retry=0.2"),
    gather: async (options) => {
      const gathered = await gather(options);
      const resources = gathered.resources.filter(({ name }) => name !== missing);
      expect(resources).to.have.length(gathered.resources.length - 1);
      return { ...gathered, resources };
    },
  });

describe("the console, where a function lacks a grant", function () {
  this.timeout(120_000);
  const data = temporaryFolder();
  let run: LocalRun;
  let served: Console;
  let browser: Browser;
  let page: Page;
  const none = (): never => {
    throw new Error("this test asks no API");
  };

  before(async () => {
    run = await startWithoutGrant(data);
    served = await startConsole({ run, stack: "dev", port: 0, api: none, deadLetters: none });
    browser = await launchChromium();
    page = await browser.newPage();
    page.setDefaultTimeout(30_000);
  });
  after(async () => {
    await browser.close();
    await served.close();
    await run.close();
  });

  it("shows the call that is denied at the function that made it, and at the bucket that it was about", async () => {
    await page.goto(`${served.url}/#/pipeline`);
    const taker = page.locator(".part.function", { hasText: /^RawImagePutProcess/ });
    await taker.waitFor();
    expect(await taker.getAttribute("class")).not.to.include("bad");
    const { accessKeyId, secretAccessKey } = run.cloud.iam.owner;
    const s3 = new S3Client({
      endpoint: run.place.awsUrl,
      region: run.place.region,
      credentials: { accessKeyId, secretAccessKey },
      forcePathStyle: true,
    });
    const Bucket = String(run.outputs.tempImagesBucket);
    await s3.send(new PutObjectCommand({ Bucket, Key: "images/photo.jpg", Body: photo("p12.jpg") }));
    s3.destroy();

    await page.locator(".part.function.bad", { hasText: /^RawImagePutProcess.* denied/ }).click();
    const denied = page.locator("section[aria-labelledby=part] .denied li");
    const call = `s3:PutObject on arn:aws:s3:::${String(run.outputs.imagesBucket)}/raw/photo.jpg/`;
    await denied.filter({ hasText: call }).first().waitFor();
    expect(await denied.first().innerText()).to.include("RawImagePutProcess");
    await page.locator(".lines li.ERROR", { hasText: "AccessDenied" }).first().waitFor();
    await page.locator(".part.bucket.bad", { hasText: /^snail-images-dev.* denied/ }).click();
    await denied.filter({ hasText: call }).first().waitFor();
    const others = page.locator(".part.function.bad");
    expect(await others.count()).to.equal(1);
  });
});

import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";

import type { AccessDecision } from "../../../embedded-aws";
import { reportOf } from "../../privileges/report";
import { awsJson } from "../../support/awsJson";
import type { Check } from "../../verify/check";
import { checks } from "../../verify/checks";
import { badImage } from "../../verify/checks/badImage";
import { alarms } from "../../verify/checks/alarms";
import { deadLetters } from "../../verify/checks/deadLetters";
import { deletion } from "../../verify/checks/deletion";
import { events } from "../../verify/checks/events";
import { integrations } from "../../verify/checks/integrations";
import { largeBodies } from "../../verify/checks/largeBodies";
import { notification } from "../../verify/checks/notification";
import { oddNames } from "../../verify/checks/oddNames";
import { photo } from "../../verify/checks/photo";
import { smallPicture } from "../../verify/checks/smallPicture";
import { reupload } from "../../verify/checks/reupload";
import { unsigned } from "../../verify/checks/unsigned";
import { versioning } from "../../verify/checks/versioning";
import { cleanUp } from "../../verify/cleanUp";
import { BreakableRun } from "./breakableRun";

type Inputs = Record<string, unknown>;

describe("snail verify on the local run", function () {
  this.timeout(180_000);
  let service: BreakableRun;
  before(async () => (service = await BreakableRun.start()));
  after(() => service.close());
  afterEach(() => service.mend());

  it("passes as a deployed stack, for a caller with the rights that it prints and no others", async function () {
    if (process.platform === "win32") this.skip(); // the stand-in for the Pulumi CLI is a shell script
    const printed = await service.snailVerify(service.run.cloud.iam.owner, { flags: ["--policy"] });
    const verifier = service.roleWith(JSON.parse(printed.out) as object);
    const decisions: AccessDecision[] = [];
    const end = service.run.cloud.iam.onDecision((decision) => decisions.push(decision));
    const { code, out, err } = await service.snailVerify(verifier.keys);
    end();
    expect({ code, err }, out).to.deep.equal({ code: 0, err: "" });
    expect(out).to.match(new RegExp(`\\n${checks.length + 1} passed, 0 failed\\n$`));
    const policies = service.run.cloud.policies().filter(({ source }) => source === "identity");
    const { unused } = reportOf(
      policies.filter(({ holder }) => holder === verifier.arn),
      decisions,
    );
    expect(unused).to.deep.equal([]);
  });

  it("deletes what it uploaded when it is interrupted, and ends with 130", async function () {
    if (process.platform === "win32") this.skip();
    const { code, out } = await service.snailVerify(service.run.cloud.iam.owner, { interruptAt: /its renditions/ });
    expect(code, out).to.equal(130);
    expect(out)
      .to.include("Deleting what was uploaded")
      .and.to.match(/Nothing is left behind\n(?: .*\n)+ +✔ passed\n/);
  });

  it("waits for a notification that takes effect late, and says so", async () => {
    await stopNotifications();
    await onceSaid(/waiting/, () => service.mend());
    const failed = await service.verify([notification], { seconds: 60 });
    expect(failed, service.said.join("\n")).to.deep.equal([]);
    expect(service.said.join("\n")).to.match(/… waiting for an upload to be noticed, 1\d s of up to 60 s\n/);
  });

  /** Faults that are made on purpose, and the checks that notice them. */
  const cases: [what: string, broken: () => Promise<void>, check: Check, ...also: Check[]][] = [
    ["the API takes unsigned calls", () => changeApi((text) => text.replaceAll('"sigv4":[]', "")), unsigned],
    [
      "renditions have other sizes than the settings say",
      () => changeEnvironment("RawImagePutProcess", "IMAGE_TYPES", (text) => text.replaceAll("2016", "2000")),
      photo,
    ],
    [
      "renditions that show the same are stored one by one",
      () => changeEnvironment("RawImagePutProcess", "IMAGE_TYPES", (text) => text.replace("{", '{"quality":79,')),
      smallPicture,
    ],
    ["uploads have no versions", () => changeVersioning("Suspended"), versioning],
    [
      "the API hides the versions",
      () => changeApi((text) => text.replaceAll("x-amz-version-id", "x-amz-version")),
      versioning,
    ],
    ["uploads are not notified", stopNotifications, notification],
    [
      "the API stores names in another spelling",
      () => changeApi((text) => text.replace("images/{object}", "images/{object}.jpg")),
      oddNames,
      cleanUp,
    ],
    ["the limit is below 10 MB", () => changeEnvironment("RawImagePutProcess", "UPLOAD_LIMITS", smaller), largeBodies],
    [
      "larger uploads are not granted for the limit",
      () => changeEnvironment("UploadProcess", "UPLOAD_LIMITS", smaller),
      largeBodies,
    ],
    [
      "the API answers a failed upload in other words",
      () => changeApi((text) => text.replace("The storage is busy.", "Busy.")),
      integrations,
    ],
    [
      "the API lacks a response",
      () => changeApi((text) => text.replace('"503":{"statusCode', '"504":{"statusCode')),
      integrations,
    ],
    ["an alarm is raised", raiseAlarm, alarms],
    ["a message was given up", () => leaveDeadLetter("PutRawImageQueue"), deadLetters],
    ["a change was not announced", () => leaveDeadLetter("ImageEvents"), deadLetters],
    ["renditions are not made", () => takeRights("ResolutionBasedImagePutProcess"), photo],
    ["renditions cannot be read", () => takeRights("RawImageGetProcess", "SnailImagesBucketGetPolicy"), photo],
    ["a second upload goes unnoticed", () => onceSaid(/seen +READY$/, stopNotifications), reupload],
    [
      "rejections are not recorded",
      () => takeRights("RawImagePutProcess", "ImageMetadataDynamoDBBasicPolicy"),
      badImage,
    ],
    ["an object stays", leaveObject, cleanUp],
    ["no event is taken", () => takeRights("ImageEventProcess", "PutImageEventsPolicy"), events],
    ["nothing is deleted", () => takeRights("ResolutionBasedImageDeleteProcess"), deletion, cleanUp],
  ];
  for (const [what, broken, ...noticing] of cases)
    it(`fails where ${what}`, async () => {
      await broken();
      // The clean-up runs in every case.
      const chosen = noticing[0] === cleanUp ? [unsigned] : noticing.slice(0, 1);
      const failed = await service.verify(chosen, { seconds: 4 });
      expect(failed, service.said.join("\n")).to.deep.equal(noticing.map(({ title }) => title));
    });

  function smaller(limits: string): string {
    return limits.replace(/"maxBytes":\d+/, '"maxBytes":5000000');
  }

  async function raiseAlarm(): Promise<void> {
    const set = (StateValue: string) =>
      awsJson(service.target, {
        service: "monitoring",
        method: "POST",
        path: "/",
        headers: { "x-amz-target": "GraniteServiceVersion20100801.SetAlarmState" },
        body: { AlarmName: service.target.alarmNames[0], StateValue, StateReason: "a test" },
      });
    await set("ALARM");
    service.atMend(async () => {
      await set("OK");
    });
  }

  /** Puts an object of the run into the bucket as soon as the checks begin, and takes it out again. */
  function leaveObject(): Promise<void> {
    const { s3, imagesBucket: Bucket } = service.target;
    return onceSaid(/GET .*unsigned/, async () => {
      const name = /snail-verify-\w+-unsigned/.exec(service.said.join("\n"))?.[0] ?? "";
      const Key = `raw/${name}/left.jpg`;
      service.atMend(async () => {
        await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      });
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    });
  }

  async function leaveDeadLetter(of: string): Promise<void> {
    const { sqs, deadLetterQueueUrls, eventDeadLetterQueueUrl } = service.target;
    const QueueUrl = deadLetterQueueUrls[of] ?? eventDeadLetterQueueUrl;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
    service.atMend(async () => {
      await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    });
  }

  function changeVersioning(status: string): Promise<void> {
    return service.redeclare("BucketVersioning", "snail-temp-images-dev-versioning", (inputs) => ({
      ...inputs,
      versioningConfiguration: { status },
    }));
  }

  /** Breaks the run in the middle of a check, as soon as that prints a line. */
  function onceSaid(line: RegExp, broken: () => Promise<void>): Promise<void> {
    service.onSaid = (said) => {
      if (!line.test(said)) return;
      service.onSaid = undefined;
      void broken();
    };
    return Promise.resolve();
  }

  function stopNotifications(): Promise<void> {
    return service.redeclare("BucketNotification", "images-notification", (inputs) => ({ ...inputs, queues: [] }));
  }

  /** Changes the text of the API's document, and deploys it. */
  async function changeApi(change: (text: string) => string): Promise<void> {
    for (const [type, name] of [
      ["Stage", "ImageApi-stage"],
      ["Deployment", "ImageApi-deployment"],
    ] as const)
      await service.redeclare(type, name, (inputs) => inputs);
    await service.redeclare("RestApi", "ImageApi", (inputs) => ({ ...inputs, body: change(String(inputs.body)) }));
    for (const [type, name] of [
      ["Deployment", "ImageApi-deployment"],
      ["Stage", "ImageApi-stage"],
    ] as const)
      await service.redeclare(type, name, (inputs) => inputs);
  }

  function changeEnvironment(name: string, variable: string, change: (text: string) => string): Promise<void> {
    return service.redeclare("Function", name, (inputs) => {
      const { variables } = inputs.environment as { variables: Record<string, string> };
      return { ...inputs, environment: { variables: { ...variables, [variable]: change(variables[variable] ?? "") } } };
    });
  }

  /** Takes a function's policies away, or one of them. */
  async function takeRights(of: string, policy?: string): Promise<void> {
    const policies = service.run.resources.filter(
      ({ type, name, inputs }) =>
        type.endsWith(":RolePolicy") && name.startsWith(of) && (policy === undefined || inputs.name === policy),
    );
    expect(policies).to.not.deep.equal([]);
    // A policy must have a statement.
    const nothing = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iam:GetUser", Resource: "*" }] };
    for (const { name } of policies)
      await service.redeclare("RolePolicy", name, (inputs: Inputs) => ({ ...inputs, policy: JSON.stringify(nothing) }));
  }
});

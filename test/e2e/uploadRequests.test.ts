import { setTimeout } from "node:timers/promises";

import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";

import { createPresignedUploads } from "../../handlers/aws/presignedUploads";
import type { UploadGrant } from "../../handlers/protocol/uploadProcess";
import { LocalService, sendGranted } from "../../tools/commands";
import { picture, temporaryFolder } from "./support";

describe("uploads that are asked for, end to end", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  let service: LocalService;
  before(async () => (service = await LocalService.start({ data, flags: ["-c", "maxBytes=104857600"] })));
  after(() => service.stop());

  const ask = (body: string) => service.call("POST", "/uploads", { body: Buffer.from(body) });
  const granted = async (request: object): Promise<UploadGrant> => {
    const answer = await ask(JSON.stringify(request));
    expect(answer.status).to.equal(201);
    return (await answer.json()) as UploadGrant;
  };
  /** S3's answer to an upload: its status and error. */
  const sent = async (response: Promise<Response>) => {
    const { status } = await response;
    return [status, /<Code>(\w+)</.exec(await (await response).text())?.[1]];
  };
  /** The grant with some fields or headers changed. */
  const changed = (grant: UploadGrant, changes: Record<string, string>): UploadGrant =>
    grant.method === "POST"
      ? { ...grant, fields: { ...grant.fields, ...changes } }
      : { ...grant, headers: { ...grant.headers, ...changes } };

  const shares = "must be a number from 0 to 1";
  for (const [title, body, message] of [
    ["is not JSON", "{", /^The body must be a JSON object/],
    ["has NaN", '{"object":"a.jpg","focus":{"x":NaN,"y":0}}', /It is not JSON\.$/],
    ["is a list", "[]", /^The body must be a JSON object\.$/],
    ["has no name", "{}", /^object must be the image's name\.$/],
    ["has a name of another format", '{"object":"a.exe"}', /must end in one of: \.jpg/],
    ["has another method", '{"object":"a.jpg","method":"PATCH"}', /^method must be POST or PUT\.$/],
    ["has a PUT without its length", '{"object":"a.jpg","method":"PUT"}', /^bytes must tell how many bytes/],
    ["has too long a PUT", '{"object":"a.jpg","method":"PUT","bytes":104857601}', /up to 104857600 are allowed/],
    ["has more keys", '{"object":"a.jpg","alt":"x"}', /^alt is unknown; allowed are .*metadata, focus\.$/],
    ["has metadata that is a text", '{"object":"a.jpg","metadata":"{}"}', /^metadata must be a JSON object\.$/],
    [
      "has too much metadata",
      `{"object":"a.jpg","metadata":{"a":"${"ü".repeat(509)}"}}`,
      /^metadata has 1026 bytes as JSON in UTF-8; at most 1024 are allowed\.$/,
    ],
    ["has a focus that is a text", '{"object":"a.jpg","focus":"0.5,0.5"}', /^focus must be a JSON object such as/],
    ["has half a focus", '{"object":"a.jpg","focus":{"x":1}}', new RegExp(`^focus.y ${shares}`)],
    ["has a focus beside it", '{"object":"a.jpg","focus":{"x":1.2,"y":0}}', new RegExp(`^focus.x ${shares}`)],
    [
      "has more in its focus",
      '{"object":"a.jpg","focus":{"x":0,"y":0,"z":0}}',
      /^focus\.z is unknown; allowed are x, y/,
    ],
    ["is too long", `{"object":"${"x".repeat(9_000)}"}`, /^The body has 9013 bytes; at most 8192 are allowed\.$/],
  ] as const) {
    it(`are refused where the request ${title}`, async () => {
      const answer = await ask(body);
      expect(answer.status).to.equal(400);
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      expect(error.code).to.equal("BadUpload");
      expect(error.message).to.match(message);
    });
  }

  it("bring metadata and a focus by a form and by a PUT, each its own, and one without them has none", async () => {
    const [first, second, third] = [await picture(1), await picture(2), await picture(3)];
    const details = { metadata: { who: "Käse 🐌", tags: ["a", null] }, focus: { x: 0.25, y: 1 } };
    const form = await granted({ object: "told.jpg", ...details });
    expect(await sent(sendGranted(form, first))).to.deep.equal([204, undefined]);
    expect(await service.untilStatus("told.jpg", "READY")).to.deep.include(details);
    const metadata = { second: true };
    const put = await granted({ object: "told.jpg", method: "PUT", bytes: second.length, metadata });
    expect(await sent(sendGranted(put, second))).to.deep.equal([200, undefined]);
    const after = await service.until("told.jpg", (_code, image) => image.bytes === second.length && !image.pending);
    expect(after).to.deep.include({ status: "READY", metadata }).and.not.to.have.property("focus");
    await service.put("told.jpg", third);
    const last = await service.until("told.jpg", (_code, image) => image.bytes === third.length && !image.pending);
    expect(last).to.not.have.any.keys("metadata", "focus");
  });

  it("take no other metadata, name or length than was granted", async () => {
    const body = await picture(1);
    const details = { metadata: { a: 1 }, focus: { x: 0, y: 0 } };
    const form = await granted({ object: "kept.jpg", ...details });
    const other = Buffer.from('{"a":2}').toString("base64url");
    for (const [field, value] of [
      ["x-amz-meta-metadata", other],
      ["x-amz-meta-more", "1"],
      ["key", "images/other.jpg"],
    ] as const) {
      expect(await sent(sendGranted(changed(form, { [field]: value }), body))).to.deep.equal([403, "AccessDenied"]);
    }
    const put = await granted({ object: "kept.jpg", method: "PUT", bytes: body.length, ...details });
    expect(await sent(sendGranted(changed(put, { "x-amz-meta-metadata": other }), body))).to.deep.equal([
      403,
      "SignatureDoesNotMatch",
    ]);
    const elsewhere = { ...put, url: put.url.replace("kept.jpg", "other.jpg") };
    expect(await sent(sendGranted(elsewhere, body))).to.deep.equal([403, "SignatureDoesNotMatch"]);
    for (const name of ["kept.jpg", "other.jpg"]) expect((await service.get(name)).status).to.equal(404);
  });

  it("are refused once they have expired", async () => {
    const { aws: endpoint, accessKeyId, secretAccessKey, outputs } = service.endpoints;
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region: String(outputs.region), endpoint, credentials, forcePathStyle: true });
    const uploads = createPresignedUploads(s3, String(outputs.tempImagesBucket));
    const body = await picture(1);
    // As the function signs them, for a second in place of its 15 minutes.
    const terms = { expiresInSeconds: 1, userMetadata: {} };
    const object = "late.jpg";
    const granted = { object, maxBytes: body.length, expiresAt: "" };
    const form = await uploads.post(`images/${object}`, { ...terms, maxBytes: body.length });
    const put = await uploads.put(`images/${object}`, { ...terms, bytes: body.length });
    await setTimeout(2_000);
    for (const grant of [
      { ...granted, method: "POST", ...form },
      { ...granted, method: "PUT", ...put },
    ] as const) {
      const answer = await sendGranted(grant, body);
      expect([grant.method, answer.status]).to.deep.equal([grant.method, 403]);
      expect(await answer.text()).to.match(/<Code>AccessDenied<.*[Ee]xpired/);
    }
    expect((await service.get(object)).status).to.equal(404);
    s3.destroy();
  });

  it("take no file of another length than 100 MiB allow", async () => {
    const body = Buffer.alloc(104_857_601);
    const form = await granted({ object: "huge.jpg" });
    expect(await sent(sendGranted(form, body))).to.deep.equal([400, "EntityTooLarge"]);
    const put = await granted({ object: "huge.jpg", method: "PUT", bytes: 104_857_600 });
    expect(await sent(sendGranted(put, body.subarray(0, 1_000)))).to.deep.equal([403, "SignatureDoesNotMatch"]);
    expect((await service.get("huge.jpg")).status).to.equal(404);
  });
});

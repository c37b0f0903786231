import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createImages } from "../../../handlers/aws/images";
import { createImageUrls } from "../../../handlers/aws/imageUrls";
import { createTempImages } from "../../../handlers/aws/tempImages";
import type { Images } from "../../../handlers/ports";
import { type AwsClients, cutBody, inPagesOf, recording, startAwsClients } from "../../support/emptyAws";

const Bucket = "images";
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const textOf = (body: Uint8Array | undefined) => body && Buffer.from(body).toString();

describe("createImages", () => {
  let aws: AwsClients;
  let s3: S3Client;
  let images: Images;

  before(async () => {
    aws = await startAwsClients();
    s3 = aws.s3;
    images = createImages(s3, Bucket);
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(() => aws.close());

  it("stores and reads an image with its content type, to be kept by caches for ever", async () => {
    await images.create("large/a.jpg/1.avif", bytes("avif"), "avif");
    expect(textOf(await images.read("large/a.jpg/1.avif"))).to.equal("avif");
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "large/a.jpg/1.avif" }));
    expect(head.ContentType).to.equal("image/avif");
    expect(head.CacheControl).to.equal("public, max-age=31536000, immutable");
  });

  it("stores an original as an attachment, and a rendition as what may be shown", async () => {
    const dispositions = [];
    for (const key of ["raw/script.jpg/1.jpg", "large/script.jpg/1.jpg"]) {
      await images.create(key, bytes("<script>"), "jpeg");
      const { ContentDisposition, ContentType } = await s3.send(new HeadObjectCommand({ Bucket, Key: key }));
      expect(ContentType).to.equal("image/jpeg");
      dispositions.push(ContentDisposition);
    }
    expect(dispositions).to.deep.equal(["attachment", undefined]);
  });

  it("reads nothing where there is nothing", async () => {
    expect(await images.read("large/none")).to.be.undefined;
  });

  it("fails where S3 answers without a body", async () => {
    const empty = { send: scripted([], []) } as unknown as Pick<S3Client, "send">;
    const failure: unknown = await createImages(empty, Bucket)
      .read("large/e")
      .catch((error: unknown) => error);
    expect(String(failure)).to.equal("Error: S3 answered without a body or its length for large/e");
  });

  it("fails where the body ends before its length", async () => {
    const cut = { send: () => Promise.resolve(cutBody("abc", 4)) } as unknown as Pick<S3Client, "send">;
    const failure = await createImages(cut, Bucket)
      .read("raw/a.jpg/1.jpg")
      .catch((error: unknown) => error);
    expect(failure).to.include({ name: "IncompleteBody", message: "raw/a.jpg/1.jpg: S3 sent 3 of 4 bytes" });
  });

  it("fails where the body goes on behind its length", async () => {
    const longer = { send: () => Promise.resolve(cutBody("abcde", 4)) } as unknown as Pick<S3Client, "send">;
    const failure = await createImages(longer, Bucket)
      .read("raw/a.jpg/1.jpg")
      .catch((error: unknown) => error);
    expect(failure).to.include({ name: "IncompleteBody", message: "raw/a.jpg/1.jpg: S3 sent 5 of 4 bytes" });
  });

  it("creates a key once, and leaves what is there", async () => {
    await images.create("raw/b.jpg/1.jpg", bytes("first"), "jpeg");
    await images.create("raw/b.jpg/1.jpg", bytes("other"), "jpeg");
    expect(textOf(await images.read("raw/b.jpg/1.jpg"))).to.equal("first");
  });

  it("tries again when another writer was at work on the key", async () => {
    const answers = ["ConditionalRequestConflict", "ConditionalRequestConflict", undefined];
    const sent: unknown[] = [];
    const contested = { send: scripted(answers, sent) } as unknown as Pick<S3Client, "send">;
    await createImages(contested, Bucket).create("raw/c.jpg/1.jpg", bytes("c"), "jpeg");
    expect(sent).to.have.length(3);
    expect(sent.every((command) => (command as PutObjectCommand).input.IfNoneMatch === "*")).to.be.true;
  });

  it("gives up on other errors at once", async () => {
    const sent: unknown[] = [];
    const denied = { send: scripted(["AccessDenied"], sent) } as unknown as Pick<S3Client, "send">;
    const failure = await createImages(denied, Bucket)
      .create("raw/c.jpg/1.jpg", bytes("c"), "jpeg")
      .catch((error: unknown) => error);
    expect(failure).to.have.property("name", "AccessDenied");
    expect(sent).to.have.length(1);
  });

  describe("copies an upload", () => {
    const Key = "images/a b+c%é.jpg";
    let versions: string[];
    const sourceOf = async (version: string) => (await createTempImages(s3, "temp").read(Key, version))!.source;

    before(async () => {
      await s3.send(new CreateBucketCommand({ Bucket: "temp" }));
      const VersioningConfiguration = { Status: "Enabled" } as const;
      await s3.send(new PutBucketVersioningCommand({ Bucket: "temp", VersioningConfiguration }));
      versions = [];
      for (const Body of ["first", "second"]) {
        const sent = { Bucket: "temp", Key, Body, ContentType: "text/html", CacheControl: "no-store", Tagging: "a=b" };
        const { VersionId } = await s3.send(new PutObjectCommand({ ...sent, Metadata: { client: "says" } }));
        versions.push(VersionId!);
      }
    });

    it("with the original's headers, and nothing that came with it", async () => {
      expect(await images.copy(await sourceOf(versions[0]!), "raw/copy/1.jpg", "jpeg")).to.equal(true);
      expect(textOf(await images.read("raw/copy/1.jpg"))).to.equal("first");
      const { ContentType, CacheControl, ContentDisposition, Metadata } = await s3.send(
        new HeadObjectCommand({ Bucket, Key: "raw/copy/1.jpg" }),
      );
      expect({ ContentType, CacheControl, ContentDisposition, Metadata }).to.deep.equal({
        ContentType: "image/jpeg",
        CacheControl: "public, max-age=31536000, immutable",
        ContentDisposition: "attachment",
        Metadata: {},
      });
      const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "raw/copy/1.jpg" }));
      expect(TagSet).to.deep.equal([]);
    });

    it("once, and takes an earlier copy for its own", async () => {
      for (const version of versions) await images.copy(await sourceOf(version), "raw/copy/2.jpg", "jpeg");
      expect(textOf(await images.read("raw/copy/2.jpg"))).to.equal("first");
    });

    it("again when another writer was at work on the key", async () => {
      const sent: unknown[] = [];
      const contested = { send: scripted(["ConditionalRequestConflict", undefined], sent) } as unknown as S3Client;
      expect(await createImages(contested, Bucket).copy("temp/a?versionId=1", "raw/c/1.jpg", "jpeg")).to.equal(true);
      expect(sent).to.have.length(2);
    });

    it("not where its version is gone, and fails where S3 says anything else", async () => {
      const source = await sourceOf(versions[1]!);
      await createTempImages(s3, "temp").delete(Key, versions[1]!);
      expect(await images.copy(source, "raw/copy/3.jpg", "jpeg")).to.equal(false);
      const failure = await images.copy("nowhere/a?versionId=1", "raw/copy/3.jpg", "jpeg").catch((e: unknown) => e);
      expect(failure).to.have.property("name", "NoSuchBucket");
    });

    it("and fails where S3 has begun its answer with 200 and ends it with an error", async () => {
      const body = "<?xml version='1.0'?><Error><Code>InternalError</Code><Message>Try again.</Message></Error>";
      const server = createServer((_, response) => response.writeHead(200).end(body)).listen(0, "127.0.0.1");
      await once(server, "listening");
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const late = new S3Client({ ...aws.client, endpoint, forcePathStyle: true, maxAttempts: 1 });
      const failure = await createImages(late, Bucket)
        .copy("temp/a?versionId=1", "raw/c/1.jpg", "jpeg")
        .catch((error: unknown) => error);
      late.destroy();
      server.close();
      expect(failure).to.have.property("name", "InternalError");
    });
  });

  it("lists the keys that begin with a prefix, over any number of pages", async () => {
    const keys = Array.from({ length: 7 }, (_, i) => `raw/list é+.jpg/${i}`);
    for (const key of keys) await images.create(key, bytes("x"), "jpeg");
    await images.create("raw/list", bytes("x"), "jpeg");
    const paged = createImages(inPagesOf(3, s3), Bucket);
    expect(await paged.list("raw/list é+.jpg/")).to.deep.equal(keys);
    expect(await paged.list("nothing/")).to.deep.equal([]);
  });

  it("lists keys that XML cannot hold", async () => {
    for (const key of ["raw/a\u0001b.jpg/1", "raw/a\ufffe\uffff.jpg/1", "raw/a b+c%2B&<>.jpg/1"]) {
      await images.create(key, bytes("x"), "jpeg");
      const commands: object[] = [];
      const Prefix = key.slice(0, -1);
      expect(await createImages(recording(s3, commands), Bucket).list(Prefix), JSON.stringify(key)).to.deep.equal([
        key,
      ]);
      expect(commands).to.deep.equal([{ Bucket, Prefix, ContinuationToken: undefined, EncodingType: "url" }]);
    }
  });

  it("deletes, and again without complaint", async () => {
    await images.create("large/d", bytes("d"), "jpeg");
    await images.delete("large/d");
    await images.delete("large/d");
    expect(await images.read("large/d")).to.be.undefined;
  });

  describe("createImageUrls", () => {
    it("makes URLs that work without credentials: renditions to be shown, originals to be kept", async () => {
      const urls = createImageUrls(s3, Bucket);
      const name = `pho"to's é 🐌.jpg`;
      for (const [imageType, disposition] of [
        ["large", "inline"],
        ["raw", "attachment; filename*=UTF-8''pho%22to%27s%20%C3%A9%20%F0%9F%90%8C.jpg"],
      ] as const) {
        const key = `${imageType}/${name}/1.webp`;
        await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: "webp", ContentType: "image/webp" }));
        const url = await urls.url(key);
        expect(new URL(url).searchParams.get("X-Amz-Expires")).to.equal("3600");
        const answer = await fetch(url);
        expect(await answer.text()).to.equal("webp");
        expect(answer.headers.get("content-type")).to.equal("image/webp");
        expect(answer.headers.get("content-disposition")).to.equal(disposition);
      }
    });
  });
});

/** Answers with errors of these names, one after another. */
function scripted(names: (string | undefined)[], sent: unknown[]) {
  return async (command: unknown) => {
    sent.push(command);
    const name = names.shift();
    if (name !== undefined) throw Object.assign(new Error(name), { name });
    return {};
  };
}

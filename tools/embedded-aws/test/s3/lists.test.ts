import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { code, startS3, type TestS3 } from "./support";

const Bucket = "photos";

describe("S3 lists", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const put = async (...keys: string[]): Promise<void> => {
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  };
  const list = async (
    more: object,
  ): Promise<{ keys: string[]; prefixes: string[]; truncated?: boolean | undefined }> => {
    const answer = await s3.send(new ListObjectsV2Command({ Bucket, ...more }));
    const keys = (answer.Contents ?? []).map((item) => item.Key ?? "");
    const prefixes = (answer.CommonPrefixes ?? []).map((item) => item.Prefix ?? "");
    expect(answer.KeyCount).to.equal(keys.length + prefixes.length);
    return { keys, prefixes, truncated: answer.IsTruncated };
  };

  it("orders keys by their UTF-8 bytes (ListingKeysUsingAPIs)", async () => {
    await put("b", "B", "a", "ä", "\uff5e", "🐌", "a0", "a/", "a-");
    const { keys } = await list({});
    const expected = [...keys].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    expect(keys).to.deep.equal(expected);
    expect(keys.slice(-2)).to.deep.equal(["\uff5e", "🐌"]);
  });

  it("groups keys below a delimiter, each group counting once (using-prefixes)", async () => {
    await put("photos/2025/a", "photos/2025/b", "photos/2026/a", "photos/cover", "readme");
    expect(await list({ Delimiter: "/" })).to.deep.include({ keys: ["readme"], prefixes: ["photos/"] });
    expect(await list({ Delimiter: "/", Prefix: "photos/" })).to.deep.include({
      keys: ["photos/cover"],
      prefixes: ["photos/2025/", "photos/2026/"],
    });
    expect(await list({ Prefix: "photos/2" })).to.deep.include({
      keys: ["photos/2025/a", "photos/2025/b", "photos/2026/a"],
    });
    expect(await list({ Prefix: "none" })).to.deep.include({ keys: [], prefixes: [] });
  });

  it("pages through keys and groups without repeating or losing any (API_ListObjectsV2)", async () => {
    await put("a/1", "a/2", "b", "c/1", "c/2", "c/3", "d", "e");
    for (const size of [1, 2, 3, 5, 100]) {
      const seen: (string | undefined)[] = [];
      const pages = paginateListObjectsV2({ client: s3, pageSize: size }, { Bucket, Delimiter: "/" });
      for await (const page of pages) {
        const items = [...(page.Contents ?? []).map((c) => c.Key), ...(page.CommonPrefixes ?? []).map((p) => p.Prefix)];
        expect(items.length).to.be.at.most(size);
        seen.push(...items);
      }
      expect(seen.sort()).to.deep.equal(["a/", "b", "c/", "d", "e"]);
    }
  });

  it("begins after a key that need not exist (API_ListObjectsV2: StartAfter)", async () => {
    await put("a", "b", "c");
    expect((await list({ StartAfter: "a" })).keys).to.deep.equal(["b", "c"]);
    expect((await list({ StartAfter: "aa" })).keys).to.deep.equal(["b", "c"]);
    expect((await list({ StartAfter: "z" })).keys).to.deep.equal([]);
  });

  it("knows when a page is the last (API_ListObjectsV2: IsTruncated)", async () => {
    await put("a", "b");
    expect((await list({ MaxKeys: 2 })).truncated).to.equal(false);
    expect((await list({ MaxKeys: 1 })).truncated).to.equal(true);
    expect(await list({ MaxKeys: 0 })).to.deep.equal({ keys: [], prefixes: [], truncated: false });
    expect(await code(list({ EncodingType: "base64" }))).to.equal("400 InvalidArgument");
  });

  it("answers at most 1,000 keys (API_ListObjectsV2: MaxKeys)", async () => {
    const insert = aws.db.prepare(
      `INSERT INTO s3_version (bucket, key, version_id, latest, delete_marker, modified, size, etag, headers, tags, segments)
       VALUES ('photos', ?, 'null', 1, 0, 0, 0, '', '{}', '{}', '[]')`,
    );
    for (let index = 0; index < 1001; index++) insert.run(`k${String(index).padStart(4, "0")}`);
    const { keys, truncated } = await list({ MaxKeys: 5000 });
    expect([keys.length, truncated]).to.deep.equal([1000, true]);
  });

  it("lists with markers in the first version of the API (API_ListObjects)", async () => {
    await put("a/1", "b", "c");
    const first = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: "/" }));
    expect(first).to.deep.include({ IsTruncated: true, NextMarker: "a/" });
    const next = await s3.send(new ListObjectsCommand({ Bucket, Marker: first.NextMarker, Delimiter: "/" }));
    expect(next.Contents?.map((item) => item.Key)).to.deep.equal(["b", "c"]);
    expect(next.CommonPrefixes).to.equal(undefined);
  });

  it("pages through versions and delete markers (API_ListObjectVersions)", async () => {
    aws.service.setVersioning(Bucket, "Enabled");
    await put("a", "a", "a", "b", "dir/x", "dir/y");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    const entries = (page: ListObjectVersionsCommandOutput): string[] => [
      ...(page.DeleteMarkers ?? []).map((entry) => `-${entry.Key} ${entry.VersionId}`),
      ...(page.Versions ?? []).map((entry) => `${entry.Key} ${entry.VersionId}`),
      ...(page.CommonPrefixes ?? []).map((entry) => entry.Prefix ?? ""),
    ];
    const all = entries(await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: "/" })));
    expect(all.map((entry) => entry.split(" ")[0])).to.deep.equal(["-a", "a", "a", "a", "b", "dir/"]);
    for (const MaxKeys of [1, 2, 4]) {
      const seen: string[] = [];
      let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
      for (let truncated = true; truncated;) {
        const page = await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: "/", MaxKeys, ...markers }));
        seen.push(...entries(page));
        markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
        truncated = page.IsTruncated === true;
      }
      expect(seen).to.deep.equal(all);
    }
    const lone = s3.send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker: "x" }));
    expect(await code(lone)).to.equal("400 InvalidArgument");
  });
});

import { expect } from "chai";

import { DeletePipeline } from "../../components/deletePipeline";
import { ImageEvents } from "../../components/imageEvents";
import { ImagePipeline } from "../../components/imagePipeline";
import { ImageQueries } from "../../components/imageQueries";
import { ImageStore } from "../../components/imageStore";
import { ImageUploads } from "../../components/imageUploads";
import { functions } from "../support/functions";
import { declare, type Stack } from "../support/pulumi";

const uploadLimits = {
  acceptedFormats: ["jpeg" as const],
  acceptedExtensions: ["jpg"],
  maxBytes: 1000,
  maxPixels: 2000,
  maxSide: 1000,
  maxProportion: 100,
};

/** Everything that keeps and processes images, in a program that may hold it more than once. */
function declareService(name: string, prefix?: string): void {
  const names = prefix === undefined ? {} : { prefix };
  const store = new ImageStore(`${name}-store`, { ...names, keepData: false, delivery: {} });
  const deletions = new DeletePipeline(`${name}-deletions`, {
    ...names,
    store,
    maximumConcurrency: { ResolutionBasedImageDeleteProcess: 2 },
    functions,
  });
  new ImagePipeline(`${name}-images`, {
    ...names,
    store,
    uploadLimits,
    imageTypes: [{ imageType: "large", width: 100, height: 100, fit: "inside", format: "jpeg", quality: 80 }],
    latencyObjectiveSeconds: 30,
    maximumConcurrency: { RawImagePutProcess: 2, ResolutionBasedImagePutProcess: 2 },
    deleteQueue: deletions.queue,
    functions,
  });
  new ImageEvents(`${name}-events`, { ...names, store, functions });
  new ImageQueries(`${name}-queries`, { ...names, store, functions });
  new ImageUploads(`${name}-uploads`, { ...names, store, functions, uploadLimits });
}

describe("two services in one stack", () => {
  let both: Stack;
  before(async () => {
    both = await declare(() => {
      declareService("photos", "");
      declareService("scans");
    });
  });
  const allNames = (stack: Stack) => stack.resources.map(({ type, name }) => `${type} ${name}`);

  it("have no two resources of one type and name", () => {
    expect(new Set(allNames(both)).size).to.equal(both.resources.length);
  });

  it("have the same parts, under the product's names and under their component's name", async () => {
    const unprefixed = await declare(() => declareService("photos", ""));
    const named = await declare(() => declareService("scans"));
    expect(both.resources).to.have.lengthOf(unprefixed.resources.length + named.resources.length);
    expect(unprefixed.all("Function").map(({ name }) => name)).to.have.members([
      "RawImagePutProcess",
      "ResolutionBasedImagePutProcess",
      "RawImageDeleteProcess",
      "ResolutionBasedImageDeleteProcess",
      "RawImageGetProcess",
      "RawImageListProcess",
      "UploadProcess",
      "ImageEventProcess",
    ]);
    expect(named.all("Function").map(({ name }) => name)).to.have.members([
      "scans-images-RawImagePutProcess",
      "scans-images-ResolutionBasedImagePutProcess",
      "scans-deletions-RawImageDeleteProcess",
      "scans-deletions-ResolutionBasedImageDeleteProcess",
      "scans-queries-RawImageGetProcess",
      "scans-queries-RawImageListProcess",
      "scans-uploads-UploadProcess",
      "scans-events-ImageEventProcess",
    ]);
    expect(named.all("Bucket").map(({ name }) => name)).to.have.members([
      "scans-store-snail-temp-images-test",
      "scans-store-snail-images-test",
    ]);
  });

  it("reach nothing of each other", () => {
    const of = (resource: Stack["resources"][number]) =>
      [...both.ancestors(resource), `${resource.type} ${resource.name}`].some((name) => name.includes(" scans-"))
        ? "scans"
        : "photos";
    const custom = both.resources.filter(({ custom }) => custom);
    const physicalNames = custom
      .filter(({ type }) => /:(Bucket|Queue|Table|Distribution)$/.test(type))
      .map((resource) => {
        const { name, bucket } = resource.state;
        return {
          owner: of(resource),
          name: resource.type.endsWith(":Distribution") ? resource.id : String(name ?? bucket),
        };
      });
    expect(physicalNames).to.have.lengthOf(2 * (2 + 7 + 1 + 1));
    const users = custom.filter(({ type }) =>
      /:(RolePolicy|BucketPolicy|Function|Distribution|BucketNotification|EventSourceMapping)$/.test(type),
    );
    const mentions = users.flatMap((resource) =>
      physicalNames
        .filter(({ name }) => new RegExp(`[:/"]${name}`).test(JSON.stringify(resource.given)))
        .filter(({ owner }) => owner !== of(resource))
        .map(({ name }) => `${resource.name} mentions ${name}`),
    );
    expect(mentions).to.deep.equal([]);
  });
});

import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import { plainPicture } from "../verify/pictures";
import type { Account } from "./account";

/** How to make a function need one of its grants. */
export interface GrantCase {
  /** Prepares the case while everything is still granted. */
  prepare?: (account: Account, name: string) => Promise<unknown>;
  /** Needs the grant. `name` is an image's name that nothing knows. */
  act: (account: Account, name: string) => unknown;
  /** Clears away what a denial leaves behind. */
  tidy?: (account: Account) => Promise<unknown>;
  /** How a denial looks where AWS's words do not reach anybody. */
  denied?: RegExp;
}

/** A generation of no image that ever was: its objects are missing. */
const generation = "0".repeat(47) + "1";
const manifest = `${generation}.jpg large.jpg thumbnail.jpg`;
const stored = { generation, format: "jpeg" as const, expected: [], sequencer: "1" };
const eventOf = ({ goneVersion }: Account) => ({ versionId: goneVersion, sequencer: "1" });

const upload = async (account: Account, name: string) => account.call("PUT", name, await plainPicture("jpeg"));
const ready = (account: Account, name: string) => account.heard(new RegExp(`"${name}: ready`));
const remove = (account: Account, name: string) => account.call("DELETE", name);
const get = (account: Account, name: string) => account.call("GET", name);
/** The event of an upload that a DELETE removed. */
const missing: GrantCase = {
  prepare: (account, name) => account.recordDeleted(name),
  act: (account, name) => account.sendEvent(name, eventOf(account)),
};
const leftover: GrantCase = {
  prepare: async (account, name) => {
    await account.recordDeleted(name);
    await account.storeLeftover(name, account.goneVersion);
  },
  act: missing.act,
};
const live: GrantCase = {
  prepare: (account, name) => account.record(name, { ...stored, status: "READY", imageId: `raw/${name}/x.jpg` }),
  act: remove,
};
const waiting: GrantCase = {
  prepare: (account, name) => account.record(name, { status: "DELETING", cancelled: new Set([account.goneVersion]) }),
  act: remove,
};
const again: GrantCase = {
  prepare: async (account, name) => {
    await upload(account, name);
    await ready(account, name);
  },
  act: upload,
};
/** A generation that is not READY, and that the next upload replaces. */
const pending: GrantCase = {
  prepare: (account, name) => account.record(name, { ...stored, sequencer: "0", status: "FAILED" }),
  act: upload,
};
/** A generation that failed: a run that found out may have died before it removed its renditions. */
const failed: GrantCase = {
  prepare: (account, name) => account.record(name, { ...stored, status: "FAILED" }),
  act: (account, name) =>
    account.send("PutResolutionBasedImageQueue", {
      original: name,
      manifest,
      uploadedAt: new Date().toISOString(),
    }),
};
/** A live generation whose original is missing. */
const orphan: GrantCase = {
  prepare: (account, name) =>
    account.record(name, { ...stored, status: "PROCESSING", imageId: `raw/${name}/${generation}.jpg` }),
  act: failed.act,
};
const oldGeneration: GrantCase = {
  act: (account, name) => account.send("DeleteResolutionBasedImageQueue", { original: name, manifest }),
};
const superseded: GrantCase = {
  prepare: (account, name) => account.record(name, { status: "DELETING", superseded: new Set([manifest]) }),
  act: oldGeneration.act,
};
/** Fetches renditions by their URLs, which carry the rights of the function that told them. */
const fetched = async (account: Account, { renditions }: Pick<ImageStatus, "renditions">) => {
  for (const { url } of renditions) {
    const response = await fetch(url);
    const body = await response.text();
    if (!response.ok) account.hear(`${url}: ${response.status} ${body}`);
  }
};
const byUrl: GrantCase = {
  prepare: again.prepare,
  act: async (account, name) => fetched(account, (await (await get(account, name)).json()) as ImageStatus),
};
const listedByUrl: GrantCase = {
  prepare: again.prepare,
  act: async (account, name) => {
    const page = await account.ask("GET", `/raw?renditions=true&prefix=${name}`);
    const { images = [] } = (await page.json()) as { images?: ImageStatus[] };
    for (const image of images) await fetched(account, image);
  },
};

const form: GrantCase = { act: async (account, name) => account.sendForm(name, await plainPicture("jpeg")) };
const put: GrantCase = { act: upload };
const ask: GrantCase = { act: get };
const list: GrantCase = { act: (account) => account.ask("GET", "/raw") };
const drop: GrantCase = { act: remove };
const sweep: GrantCase = { act: (account) => account.sweep() };
const OLD = { updatedAt: "2020-01-01T00:00:00.000Z" };
/** A name that is stuck: the sweep sends a message for it. */
const stuck = (record: Parameters<Account["record"]>[1]): GrantCase => ({
  prepare: async (account, name) => {
    await account.record(name, { ...record, ...OLD });
    // Until its wait has doubled, a sweep that knows of the last one sends nothing.
    await account.forgetSweep();
  },
  act: sweep.act,
});

/** The grants that every function has, needed by each of its runs. */
const telemetry = (functionName: string, run: GrantCase): Record<string, GrantCase> => ({
  [`${functionName} FunctionLogsPolicy logs:CreateLogStream`]: {
    prepare: (account) => account.cool(functionName),
    act: run.act,
  },
  [`${functionName} FunctionLogsPolicy logs:PutLogEvents`]: run,
  [`${functionName} XRayPolicy xray:PutTraceSegments`]: run,
  [`${functionName} XRayPolicy xray:PutTelemetryRecords`]: run,
});

/** A message that fails, because the table does not answer the function. */
const failing = (functionName: string, run: GrantCase): GrantCase => ({
  prepare: run.prepare,
  act: (account, name) =>
    account.failing(functionName, "dynamodb", async () => {
      const from = account.said.length;
      await run.act(account, name);
      // Another message may fail meanwhile: poison of the case before.
      await account.heard(new RegExp(`"message failed".*"service":"${functionName}".*was made to fail`), from);
    }),
});

/** The grants of a function that consumes a queue. */
const consumer = (functionName: string, queue: string, run: GrantCase): Record<string, GrantCase> => ({
  [`${functionName} Poll${queue}Policy sqs:GetQueueAttributes`]: { act: (account) => account.checkMappings() },
  [`${functionName} Poll${queue}Policy sqs:ReceiveMessage`]: run,
  // Messages that could not be deleted stay in flight for minutes.
  [`${functionName} Poll${queue}Policy sqs:DeleteMessage`]: { ...run, tidy: (account) => account.purge(queue) },
  [`${functionName} Send${queue}DeadLettersPolicy sqs:SendMessage`]: {
    act: (account) => account.send(queue, "no JSON"),
  },
  [`${functionName} Poll${queue}Policy sqs:ChangeMessageVisibility`]: failing(functionName, run),
  ...telemetry(functionName, run),
});

/** The grants that a stack has however its renditions are delivered. */
const always: Record<string, GrantCase> = {
  // The client does not see S3's answer to API Gateway, but an error of the service's own.
  "ImageApi-upload SnailTempImagesBucketPutPolicy s3:PutObject": { ...put, denied: /^PUT .* 502 .*StorageFailed/ },

  ...consumer("RawImagePutProcess", "PutRawImageQueue", put),
  "RawImagePutProcess SnailTempImagesGetAndDeletePolicy s3:GetObjectVersion": put,
  "RawImagePutProcess SnailTempImagesGetAndDeletePolicy s3:DeleteObjectVersion": put,
  "RawImagePutProcess SnailTempImagesGetAndDeletePolicy s3:ListBucket": missing,
  "RawImagePutProcess SnailTempImagesGetAndDeletePolicy s3:ListBucketVersions": missing,
  "RawImagePutProcess SnailImagesBucketPutPolicy s3:PutObject": put,
  "RawImagePutProcess SnailImagesBucketListPolicy s3:ListBucket": missing,
  "RawImagePutProcess ImageMetadataDynamoDBBasicPolicy dynamodb:GetItem": put,
  "RawImagePutProcess ImageMetadataDynamoDBBasicPolicy dynamodb:UpdateItem": put,
  "RawImagePutProcess SendPutResolutionBasedImageQueuePolicy sqs:SendMessage": put,
  "RawImagePutProcess SendDeleteResolutionBasedImageQueuePolicy sqs:SendMessage": pending,

  ...consumer("ResolutionBasedImagePutProcess", "PutResolutionBasedImageQueue", put),
  "ResolutionBasedImagePutProcess SnailImagesBucketGetPolicy s3:GetObject": put,
  "ResolutionBasedImagePutProcess SnailImagesBucketGetPolicy s3:ListBucket": orphan,
  "ResolutionBasedImagePutProcess SnailImagesBucketPutPolicy s3:PutObject": put,
  "ResolutionBasedImagePutProcess SnailImagesBucketDeletePolicy s3:DeleteObject": failed,
  "ResolutionBasedImagePutProcess ImageMetadataDynamoDBBasicPolicy dynamodb:GetItem": put,
  "ResolutionBasedImagePutProcess ImageMetadataDynamoDBBasicPolicy dynamodb:UpdateItem": put,
  "ResolutionBasedImagePutProcess SendDeleteResolutionBasedImageQueuePolicy sqs:SendMessage": again,

  ...consumer("ResolutionBasedImageDeleteProcess", "DeleteResolutionBasedImageQueue", oldGeneration),
  "ResolutionBasedImageDeleteProcess SnailImagesBucketDeletePolicy s3:DeleteObject": oldGeneration,
  "ResolutionBasedImageDeleteProcess SnailImagesBucketDeletePolicy s3:ListBucket": leftover,
  "ResolutionBasedImageDeleteProcess ImageMetadataDynamoDBBasicPolicy dynamodb:GetItem": oldGeneration,
  "ResolutionBasedImageDeleteProcess ImageMetadataDynamoDBBasicPolicy dynamodb:UpdateItem": superseded,

  ...telemetry("RawImageDeleteProcess", drop),
  "RawImageDeleteProcess SnailTempImagesGetAndDeletePolicy s3:ListBucketVersions": drop,
  "RawImageDeleteProcess SnailTempImagesGetAndDeletePolicy s3:DeleteObjectVersion": waiting,
  "RawImageDeleteProcess SnailImagesBucketDeletePolicy s3:DeleteObject": live,
  "RawImageDeleteProcess ImageMetadataDynamoDBBasicPolicy dynamodb:GetItem": drop,
  "RawImageDeleteProcess ImageMetadataDynamoDBBasicPolicy dynamodb:UpdateItem": live,
  "RawImageDeleteProcess SendDeleteResolutionBasedImageQueuePolicy sqs:SendMessage": live,

  ...telemetry("SweepProcess", sweep),
  "SweepProcess SnailTempImagesListPolicy s3:ListBucketVersions": sweep,
  "SweepProcess SnailImagesBucketListPolicy s3:ListBucket": sweep,
  "SweepProcess ImageMetadataDynamoDBBasicPolicy dynamodb:GetItem": sweep,
  "SweepProcess ImageMetadataDynamoDBBasicPolicy dynamodb:Query": sweep,
  "SweepProcess ImageMetadataDynamoDBBasicPolicy dynamodb:UpdateItem": sweep,
  "SweepProcess SendPutRawImageQueuePolicy sqs:SendMessage": stuck({
    status: "REJECTED",
    cancelled: new Set(["gone"]),
  }),
  "SweepProcess SendPutResolutionBasedImageQueuePolicy sqs:SendMessage": stuck({ ...stored, status: "PROCESSING" }),
  "SweepProcess SendDeleteResolutionBasedImageQueuePolicy sqs:SendMessage": stuck({ status: "DELETING" }),

  ...telemetry("ImageEventProcess", put),
  ...Object.fromEntries(
    ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map((action) => [
      `ImageEventProcess ReadImageMetadataStreamPolicy dynamodb:${action}`,
      { act: (account: Account) => account.checkMappings() },
    ]),
  ),
  "ImageEventProcess PutImageEventsPolicy events:PutEvents": put,
  "ImageEventProcess SendImageEventsDeadLettersPolicy sqs:SendMessage": {
    act: (account, name) => account.writeUnreadable(name),
  },

  ...telemetry("UploadProcess", form),
  "UploadProcess SnailTempImagesBucketPutPolicy s3:PutObject": form,

  ...telemetry("RawImageListProcess", list),
  "RawImageListProcess ImageMetadataDynamoDBBasicPolicy dynamodb:Query": list,
  "RawImageListProcess ImageMetadataDynamoDBBasicPolicy dynamodb:BatchGetItem": listedByUrl,

  ...telemetry("RawImageGetProcess", ask),
  "RawImageGetProcess SnailTempImagesListPolicy s3:ListBucketVersions": ask,
  "RawImageGetProcess ImageMetadataDynamoDBBasicPolicy dynamodb:GetItem": ask,
};

/** A call that needs each grant, by holder, policy and action, with presigned URLs and with CloudFront. */
export const grantCases: Record<"presigned" | "cloudfront", Record<string, GrantCase>> = {
  presigned: {
    ...always,
    "RawImageGetProcess SnailImagesBucketGetPolicy s3:GetObject": byUrl,
    "RawImageListProcess SnailImagesBucketGetPolicy s3:GetObject": listedByUrl,
  },
  cloudfront: {
    ...always,
    "ResolutionBasedImageDeleteProcess ImageDeliveryInvalidatePolicy cloudfront:CreateInvalidation": oldGeneration,
  },
};

/**
 * The cases of a stack: by its way to deliver renditions, and without those of traces where nothing is traced.
 * @param stack with the keys of its grants: holder, policy and action
 */
export function casesOf(stack: { deliveryUrl: string | undefined; keys: string[] }): Record<string, GrantCase> {
  const cases = grantCases[stack.deliveryUrl === undefined ? "presigned" : "cloudfront"];
  const isOfTraces = (key: string): boolean => key.includes(" XRayPolicy ");
  if (stack.keys.some(isOfTraces)) return cases;
  return Object.fromEntries(Object.entries(cases).filter(([key]) => !isOfTraces(key)));
}

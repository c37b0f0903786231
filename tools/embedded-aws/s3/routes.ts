import { notImplemented } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { getBucketNotification, putBucketNotification } from "./bucketNotification";
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from "./bucketPolicy";
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from "./buckets";
import { deleteSetting, getSetting, putSetting, type DocumentSetting } from "./bucketSettings";
import type { S3Call } from "./parsedCall";
import { completeMultipartUpload } from "./completeMultipart";
import type { S3Context } from "./context";
import { copyObject } from "./copyObject";
import { preflight } from "./cors";
import { deleteObject, deleteObjects } from "./deleteObject";
import { methodNotAllowed } from "./errors";
import { getObject } from "./getObject";
import { listObjects, listObjectsV2, listObjectVersions } from "./listObjects";
import { listMultipartUploads, listParts } from "./listUploads";
import { abortMultipartUpload, createMultipartUpload, uploadPart } from "./multipart";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./objectTagging";
import { getObjectAttributes } from "./objectAttributes";
import { postObject } from "./postObject";
import { putObject } from "./putObject";
import { otherSubresources, refuseOtherHeaders } from "./unsupported";
import { uploadPartCopy } from "./uploadPartCopy";

export type Operation = (s3: S3Context, call: S3Call) => AwsResponse | Promise<AwsResponse>;

/** Operations by the subresource that the query names; `""` is the one without. */
type Routes = Record<string, Operation>;

const settingRoutes = (route: (setting: DocumentSetting) => Operation): Record<string, Operation> => ({
  cors: route("cors"),
  lifecycle: route("lifecycle"),
  encryption: route("encryption"),
  publicAccessBlock: route("publicAccessBlock"),
  ownershipControls: route("ownershipControls"),
  tagging: route("tagging"),
});

const isCopy = (call: S3Call): boolean => call.headers["x-amz-copy-source"] !== undefined;

const routes: Record<"account" | "bucket" | "object", Record<string, Routes>> = {
  account: { GET: { "": listBuckets } },
  bucket: {
    GET: {
      location: getBucketLocation,
      versioning: getBucketVersioning,
      policy: getBucketPolicy,
      notification: getBucketNotification,
      versions: listObjectVersions,
      uploads: listMultipartUploads,
      ...settingRoutes(getSetting),
      "": (s3, call) => (call.query.get("list-type") === "2" ? listObjectsV2 : listObjects)(s3, call),
    },
    HEAD: { "": headBucket },
    PUT: {
      versioning: putBucketVersioning,
      policy: putBucketPolicy,
      notification: putBucketNotification,
      ...settingRoutes(putSetting),
      "": createBucket,
    },
    POST: { delete: deleteObjects, "": postObject },
    DELETE: {
      policy: deleteBucketPolicy,
      cors: deleteSetting("cors"),
      lifecycle: deleteSetting("lifecycle"),
      encryption: deleteSetting("encryption"),
      publicAccessBlock: deleteSetting("publicAccessBlock"),
      ownershipControls: deleteSetting("ownershipControls"),
      tagging: deleteSetting("tagging"),
      "": deleteBucket,
    },
  },
  object: {
    GET: { attributes: getObjectAttributes, tagging: getObjectTagging, uploadId: listParts, "": getObject },
    HEAD: { "": getObject },
    PUT: {
      tagging: putObjectTagging,
      uploadId: (s3, call) => (isCopy(call) ? uploadPartCopy : uploadPart)(s3, call),
      "": (s3, call) => (isCopy(call) ? copyObject : putObject)(s3, call),
    },
    POST: { uploads: createMultipartUpload, uploadId: completeMultipartUpload },
    DELETE: { tagging: deleteObjectTagging, uploadId: abortMultipartUpload, "": deleteObject },
  },
};

/** Finds the operation that a request asks for: by its method, what its path names, and the subresource in its query. */
export function route(call: S3Call): Operation {
  const scope = call.bucket === "" ? "account" : call.key === "" ? "bucket" : "object";
  const { method } = call.request;
  refuseOtherHeaders(call.headers);
  if (method === "OPTIONS" && scope !== "account") return preflight;
  const known = routes[scope][method] ?? {};
  for (const name of call.query.keys()) {
    const operation = Object.hasOwn(known, name) && name !== "" ? known[name] : undefined;
    if (operation) return operation;
    const unsupported = otherSubresources(scope, method, name);
    if (unsupported !== undefined) throw notImplemented(unsupported);
  }
  const operation = known[""];
  if (operation) return operation;
  throw methodNotAllowed(method, scope === "account" ? "SERVICE" : scope.toUpperCase());
}

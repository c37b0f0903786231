import { AwsError, notImplemented } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { authorize, authorizeBucket, bucketArn } from "./access";
import { numberParameter, type S3Call } from "./parsedCall";
import { emptyAnswer, listTime, xmlAnswer } from "./answers";
import { change, type S3Context } from "./context";
import { malformedXml } from "./errors";
import { listContext, owner } from "./listObjects";
import { receiveText } from "./requestBody";
import { parseXml } from "./xml";
import { document, element, optional } from "./markup";
import { tagSet, tagsOf } from "./tags";

/** General purpose bucket naming rules (bucketnamingrules.html). */
export function checkBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (wellFormed && !reserved && !/^\d+\.\d+\.\d+\.\d+$/.test(name)) return;
  throw new AwsError(400, "InvalidBucketName", "The specified bucket is not valid.", { BucketName: name });
}

function ownershipOfNew(asked: string | undefined): string {
  if (asked === undefined) return "BucketOwnerEnforced";
  if (["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"].includes(asked)) return asked;
  throw new AwsError(400, "InvalidArgument", `Invalid x-amz-object-ownership header: ${asked}`, {
    ArgumentName: "x-amz-object-ownership",
  });
}

/** A region is named by its area, and by a direction in which AWS has some there (regions-zones). */
const isRegion = (text: string): boolean =>
  /^((af|me)-south|il-central|me-central|mx-central|sa-east|ca-(central|west)|ap-(east|(north|south)east|south)|eu-(central|north|south|west)|us-(gov-)?(east|west)|cn-(north|northwest)|eusc-de-east)-\d$/.test(
    text,
  );

/** A bucket's region is the endpoint's. In us-east-1 it must not be said, and elsewhere it must. */
function checkLocation(constraint: string | undefined, region: string): void {
  const known = constraint === "EU" || isRegion(constraint ?? "");
  if (constraint !== undefined && (!known || constraint === "us-east-1")) {
    throw new AwsError(400, "InvalidLocationConstraint", "The specified location-constraint is not valid", {
      LocationConstraint: constraint,
    });
  }
  if ((constraint ?? "us-east-1") === region) return;
  throw new AwsError(
    400,
    "IllegalLocationConstraintException",
    `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

/** CreateBucket (API_CreateBucket.html): one's own bucket again is a 200 in us-east-1 and a 409 elsewhere. */
export async function createBucket(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  const { bucket } = call;
  authorize(s3, call, "s3:CreateBucket", { bucket });
  checkBucketName(bucket);
  const ownership = ownershipOfNew(call.headers["x-amz-object-ownership"]);
  const acl = call.headers["x-amz-acl"];
  if (acl !== undefined && acl !== "private") {
    if (ownership !== "BucketOwnerEnforced") throw notImplemented("access control lists");
    throw new AwsError(
      400,
      "InvalidBucketAclWithObjectOwnership",
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  const text = await receiveText(call);
  const asked = text === "" ? undefined : parseXml(text, "CreateBucketConfiguration");
  const { region } = s3.place;
  checkLocation(asked?.text("LocationConstraint"), region);
  const tags = tagsOf(asked?.child("Tags")?.children("Tag") ?? [], "newBucket");
  const tagged = Object.keys(tags).length > 0;
  change(s3, () => {
    const exists = s3.buckets.find(bucket) !== undefined;
    if (!exists) {
      s3.buckets.create({ name: bucket, created: s3.now() });
      const rule = element("Rule", element("ObjectOwnership", ownership));
      s3.buckets.set(bucket, "ownershipControls", document("OwnershipControls", rule));
      if (tagged) s3.buckets.set(bucket, "tagging", document("Tagging", tagSet(tags)));
    }
    if (!exists || (region === "us-east-1" && !tagged)) return;
    throw new AwsError(
      409,
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
      { BucketName: bucket },
    );
  });
  return emptyAnswer(200, { location: `/${bucket}`, "x-amz-bucket-arn": bucketArn(bucket) });
}

/** DeleteBucket (API_DeleteBucket.html): versions and delete markers count as content, unfinished uploads do not. */
export function deleteBucket(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:DeleteBucket");
  change(s3, () => {
    if (s3.buckets.isUsed(call.bucket)) {
      const versioned = s3.buckets.versioning(call.bucket) !== undefined;
      throw new AwsError(
        409,
        "BucketNotEmpty",
        `The bucket you tried to delete is not empty${versioned ? ". You must delete all versions in the bucket." : ""}`,
        { BucketName: call.bucket },
      );
    }
    s3.uploads.removeBucket(call.bucket);
    s3.completed.removeBucket(call.bucket);
    s3.buckets.remove(call.bucket);
  });
  return emptyAnswer(204);
}

/** HeadBucket (API_HeadBucket.html). */
export function headBucket(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:ListBucket", listContext(call));
  return emptyAnswer(200, {
    "x-amz-bucket-region": s3.place.region,
    "x-amz-bucket-arn": bucketArn(call.bucket),
    "x-amz-access-point-alias": "false",
  });
}

/** GetBucketLocation (API_GetBucketLocation.html): "Buckets in Region us-east-1 have a LocationConstraint of null". */
export function getBucketLocation(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:GetBucketLocation");
  const { region } = s3.place;
  return xmlAnswer("LocationConstraint", [{ xml: region === "us-east-1" ? "" : region }]);
}

/** ListBuckets (API_ListBuckets.html). */
export function listBuckets(s3: S3Context, call: S3Call): AwsResponse {
  s3.iam.authorize({
    principal: call.request.principal,
    action: "s3:ListAllMyBuckets",
    resource: "*",
    secure: call.request.secure,
  });
  const prefix = call.query.get("prefix") ?? "";
  const most = numberParameter(call.query, "max-buckets", 10_000);
  const token = Buffer.from(call.query.get("continuation-token") ?? "", "base64url").toString();
  const region = call.query.get("bucket-region");
  if (region !== null && !isRegion(region)) {
    const message = `Argument value ${region} is not a valid AWS Region`;
    throw new AwsError(400, "InvalidArgument", message, { ArgumentName: "bucket-region" });
  }
  const here = region === null || region === s3.place.region;
  const found = here ? s3.buckets.list(token).filter(({ name }) => name.startsWith(prefix)) : [];
  const buckets = found.slice(0, most);
  const next = found.length > most ? Buffer.from(buckets.at(-1)?.name ?? "").toString("base64url") : undefined;
  return xmlAnswer("ListAllMyBucketsResult", [
    owner(s3),
    element(
      "Buckets",
      ...buckets.map(({ name, created }) =>
        element(
          "Bucket",
          element("Name", name),
          element("CreationDate", listTime(created)),
          element("BucketRegion", s3.place.region),
          element("BucketArn", bucketArn(name)),
        ),
      ),
    ),
    optional("ContinuationToken", next),
    optional("Prefix", prefix === "" ? undefined : prefix),
  ]);
}

/** GetBucketVersioning (API_GetBucketVersioning.html): a bucket that never had versioning has no status. */
export function getBucketVersioning(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:GetBucketVersioning");
  return xmlAnswer("VersioningConfiguration", [optional("Status", s3.buckets.versioning(call.bucket))]);
}

/** PutBucketVersioning (API_PutBucketVersioning.html). */
export async function putBucketVersioning(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  authorizeBucket(s3, call, "s3:PutBucketVersioning");
  const root = parseXml(await receiveText(call), "VersioningConfiguration");
  const status = root.text("Status");
  if (root.text("MfaDelete") === "Enabled") {
    throw new AwsError(501, "NotImplemented", "The embedded AWS does not implement MFA delete.");
  }
  if (status === undefined) {
    throw new AwsError(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified");
  }
  if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
  change(s3, () => s3.buckets.set(call.bucket, "versioning", status));
  return emptyAnswer(200);
}

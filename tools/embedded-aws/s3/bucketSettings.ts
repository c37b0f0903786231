import { AwsError } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { authorizeBucket } from "./access";
import { parseOwnership } from "./acl";
import type { S3Call } from "./parsedCall";
import { emptyAnswer } from "./answers";
import { change, type S3Context } from "./context";
import { checkCors } from "./cors";
import { malformedXml } from "./errors";
import { checkLifecycle, checkTransitionSize, transitionSizeHeader, withRuleIds } from "./lifecycleRules";
import { receiveText } from "./requestBody";
import { parseTagDocument } from "./tags";
import { parseXml } from "./xml";
import { document, element } from "./markup";

/** A deleted setting is kept as an empty text, so that it differs from the one that a new bucket has. */
const deleted = "";

/** Settings that are a document, kept and returned as they came. */
export type DocumentSetting =
  "cors" | "lifecycle" | "encryption" | "publicAccessBlock" | "ownershipControls" | "tagging";

interface Kind {
  /** Actions (using-with-s3-policy-actions.html). Deleting takes the action of putting, as on AWS. */
  read: string;
  write: string;
  /** Root element. */
  root: string;
  check(text: string): void;
  /** The document as it is kept, when that is not as it came; an empty text deletes the setting. */
  normalise?: (text: string) => string;
  /** The value of a new bucket. */
  standard?: string;
  /** The error when there is none. */
  missing: { code: string; message: string };
}

function checkEncryption(text: string): void {
  const rules = parseXml(text, "ServerSideEncryptionConfiguration").children("Rule");
  if (rules.length !== 1) throw malformedXml();
  const byDefault = rules[0]?.child("ApplyServerSideEncryptionByDefault");
  if (byDefault?.text("KMSMasterKeyID") === undefined || byDefault.text("SSEAlgorithm") !== "AES256") return;
  throw new AwsError(
    400,
    "InvalidArgument",
    "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
    { ArgumentName: "ApplyServerSideEncryptionByDefault" },
  );
}

const publicAccessBlockElements = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/**
 * New buckets have S3's encryption, no public access (access-control-block-public-access.html) and no access control lists
 * (about-object-ownership.html).
 */
const kinds: Record<DocumentSetting, Kind> = {
  cors: {
    read: "s3:GetBucketCORS",
    write: "s3:PutBucketCORS",
    root: "CORSConfiguration",
    check: checkCors,
    missing: { code: "NoSuchCORSConfiguration", message: "The CORS configuration does not exist" },
  },
  lifecycle: {
    read: "s3:GetLifecycleConfiguration",
    write: "s3:PutLifecycleConfiguration",
    root: "LifecycleConfiguration",
    check: checkLifecycle,
    normalise: withRuleIds,
    missing: {
      code: "NoSuchLifecycleConfiguration",
      message: "The lifecycle configuration does not exist",
    },
  },
  encryption: {
    read: "s3:GetEncryptionConfiguration",
    write: "s3:PutEncryptionConfiguration",
    root: "ServerSideEncryptionConfiguration",
    check: checkEncryption,
    standard: document(
      "ServerSideEncryptionConfiguration",
      element(
        "Rule",
        element("ApplyServerSideEncryptionByDefault", element("SSEAlgorithm", "AES256")),
        element("BucketKeyEnabled", false),
      ),
    ),
    missing: {
      code: "ServerSideEncryptionConfigurationNotFoundError",
      message: "The server side encryption configuration was not found",
    },
  },
  publicAccessBlock: {
    read: "s3:GetBucketPublicAccessBlock",
    write: "s3:PutBucketPublicAccessBlock",
    root: "PublicAccessBlockConfiguration",
    check: (text) => void parseXml(text, "PublicAccessBlockConfiguration"),
    // A switch that is left out is off (recorded: test_crud_public_access_block).
    normalise: (text) => {
      const given = parseXml(text, "PublicAccessBlockConfiguration");
      const parts = publicAccessBlockElements.map((name) => element(name, given.text(name) === "true"));
      return document("PublicAccessBlockConfiguration", ...parts);
    },
    standard: document(
      "PublicAccessBlockConfiguration",
      ...publicAccessBlockElements.map((name) => element(name, true)),
    ),
    missing: {
      code: "NoSuchPublicAccessBlockConfiguration",
      message: "The public access block configuration was not found",
    },
  },
  ownershipControls: {
    read: "s3:GetBucketOwnershipControls",
    write: "s3:PutBucketOwnershipControls",
    root: "OwnershipControls",
    check: (text) => {
      const known = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];
      const rules = parseXml(text, "OwnershipControls").children("Rule");
      if (rules.length !== 1 || !known.includes(parseOwnership(text))) throw malformedXml();
    },
    standard: document("OwnershipControls", element("Rule", element("ObjectOwnership", "BucketOwnerEnforced"))),
    missing: {
      code: "OwnershipControlsNotFoundError",
      message: "The bucket ownership controls were not found",
    },
  },
  tagging: {
    read: "s3:GetBucketTagging",
    write: "s3:PutBucketTagging",
    root: "Tagging",
    check: (text) => void parseTagDocument(text, "bucket"),
    // Without tags there is no tag set (recorded: test_bucket_tagging_crud).
    normalise: (text) => (Object.keys(parseTagDocument(text, "bucket")).length === 0 ? deleted : text),
    missing: { code: "NoSuchTagSet", message: "The TagSet does not exist" },
  },
};

/** The document of a setting; undefined when there is none. */
export function settingOf(s3: S3Context, bucket: string, setting: DocumentSetting): string | undefined {
  const kept = s3.buckets.setting(bucket, setting) ?? kinds[setting].standard;
  return kept === deleted ? undefined : kept;
}

/** Checks and keeps a document. */
export function keepSetting(s3: S3Context, bucket: string, setting: DocumentSetting, text: string): void {
  const kind = kinds[setting];
  kind.check(text);
  const kept = kind.normalise?.(text) ?? text;
  change(s3, () => s3.buckets.set(bucket, setting, kept));
}

/** Deleting the encryption "resets the default encryption … to SSE-S3" (API_DeleteBucketEncryption.html). */
export function dropSetting(s3: S3Context, bucket: string, setting: DocumentSetting): void {
  change(s3, () => {
    if (setting === "encryption") s3.buckets.unset(bucket, setting);
    else s3.buckets.set(bucket, setting, deleted);
  });
}

/** Lifecycle documents are answered with the smallest size of objects that they move. */
const transitionSize = (s3: S3Context, bucket: string, setting: DocumentSetting): Record<string, string> =>
  setting === "lifecycle"
    ? { [transitionSizeHeader]: checkTransitionSize(s3.buckets.setting(bucket, "transitionSize")) }
    : {};

export const getSetting =
  (setting: DocumentSetting) =>
  (s3: S3Context, call: S3Call): AwsResponse => {
    const { read, missing } = kinds[setting];
    authorizeBucket(s3, call, read);
    const text = settingOf(s3, call.bucket, setting);
    if (text === undefined) {
      throw new AwsError(404, missing.code, missing.message, { BucketName: call.bucket });
    }
    const headers = { "content-type": "application/xml", ...transitionSize(s3, call.bucket, setting) };
    return { status: 200, headers, body: text };
  };

export const putSetting =
  (setting: DocumentSetting) =>
  async (s3: S3Context, call: S3Call): Promise<AwsResponse> => {
    authorizeBucket(s3, call, kinds[setting].write);
    const size = checkTransitionSize(setting === "lifecycle" ? call.headers[transitionSizeHeader] : undefined);
    keepSetting(s3, call.bucket, setting, await receiveText(call));
    if (setting === "lifecycle") change(s3, () => s3.buckets.set(call.bucket, "transitionSize", size));
    return emptyAnswer(setting === "tagging" ? 204 : 200, transitionSize(s3, call.bucket, setting));
  };

export const deleteSetting =
  (setting: DocumentSetting) =>
  (s3: S3Context, call: S3Call): AwsResponse => {
    authorizeBucket(s3, call, kinds[setting].write);
    dropSetting(s3, call.bucket, setting);
    return emptyAnswer(204);
  };

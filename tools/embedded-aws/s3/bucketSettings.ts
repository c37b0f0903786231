import { AwsError } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { authorizeBucket } from "./access";
import { parseOwnership } from "./acl";
import type { S3Call } from "./parsedCall";
import { emptyAnswer } from "./answers";
import { change, type S3Context } from "./context";
import { malformedXml } from "./errors";
import { receiveText } from "./requestBody";
import { parseTagDocument } from "./tags";
import { parseXml } from "./xml";
import { document, element } from "./markup";

/** Settings that are a document, kept and returned as they came. */
export type DocumentSetting = "lifecycle" | "encryption" | "publicAccessBlock" | "ownershipControls" | "tagging";

interface Kind {
  /** Actions (using-with-s3-policy-actions.html). Deleting takes the action of putting, as on AWS. */
  read: string;
  write: string;
  /** Root element. */
  root: string;
  check(text: string): void;
  /** What a new bucket has. */
  standard?: string;
  /** The error when there is none. */
  missing: { code: string; message: string };
}

const requireRules =
  (root: string) =>
  (text: string): void => {
    if (parseXml(text, root).children("Rule").length === 0) throw malformedXml();
  };

const publicAccessBlockElements = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/**
 * New buckets have S3's encryption, no public access (access-control-block-public-access.html) and no access control lists
 * (about-object-ownership.html).
 */
const kinds: Record<DocumentSetting, Kind> = {
  lifecycle: {
    read: "s3:GetLifecycleConfiguration",
    write: "s3:PutLifecycleConfiguration",
    root: "LifecycleConfiguration",
    check: (text) => {
      const rules = parseXml(text, "LifecycleConfiguration").children("Rule");
      const valid = rules.every((rule) => ["Enabled", "Disabled"].includes(rule.text("Status") ?? ""));
      if (rules.length === 0 || !valid) throw malformedXml();
    },
    missing: {
      code: "NoSuchLifecycleConfiguration",
      message: "The lifecycle configuration does not exist",
    },
  },
  encryption: {
    read: "s3:GetEncryptionConfiguration",
    write: "s3:PutEncryptionConfiguration",
    root: "ServerSideEncryptionConfiguration",
    check: requireRules("ServerSideEncryptionConfiguration"),
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
      if (!known.includes(parseOwnership(text))) throw malformedXml();
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
    check: (text) => void parseTagDocument(text, 50),
    missing: { code: "NoSuchTagSet", message: "The TagSet does not exist" },
  },
};

/** A deleted setting is kept as an empty text, so that it differs from the one that a new bucket has. */
const deleted = "";

/** The document of a setting; undefined when there is none. */
export function settingOf(s3: S3Context, bucket: string, setting: DocumentSetting): string | undefined {
  const kept = s3.buckets.setting(bucket, setting) ?? kinds[setting].standard;
  return kept === deleted ? undefined : kept;
}

/** Checks and keeps a document. */
export function keepSetting(s3: S3Context, bucket: string, setting: DocumentSetting, text: string): void {
  kinds[setting].check(text);
  change(s3, () => s3.buckets.set(bucket, setting, text));
}

/** Deleting the encryption "resets the default encryption … to SSE-S3" (API_DeleteBucketEncryption.html). */
export function dropSetting(s3: S3Context, bucket: string, setting: DocumentSetting): void {
  change(s3, () => {
    if (setting === "encryption") s3.buckets.unset(bucket, setting);
    else s3.buckets.set(bucket, setting, deleted);
  });
}

export const getSetting =
  (setting: DocumentSetting) =>
  (s3: S3Context, call: S3Call): AwsResponse => {
    const { read, missing } = kinds[setting];
    authorizeBucket(s3, call, read);
    const text = settingOf(s3, call.bucket, setting);
    if (text === undefined) {
      throw new AwsError(404, missing.code, missing.message, { BucketName: call.bucket });
    }
    return { status: 200, headers: { "content-type": "application/xml" }, body: text };
  };

export const putSetting =
  (setting: DocumentSetting) =>
  async (s3: S3Context, call: S3Call): Promise<AwsResponse> => {
    authorizeBucket(s3, call, kinds[setting].write);
    keepSetting(s3, call.bucket, setting, await receiveText(call));
    return emptyAnswer(setting === "tagging" ? 204 : 200);
  };

export const deleteSetting =
  (setting: DocumentSetting) =>
  (s3: S3Context, call: S3Call): AwsResponse => {
    authorizeBucket(s3, call, kinds[setting].write);
    dropSetting(s3, call.bucket, setting);
    return emptyAnswer(204);
  };

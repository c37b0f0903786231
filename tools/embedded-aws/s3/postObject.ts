import { Readable } from "node:stream";
import { percentEncodePath } from "../http/percentEncoding";
import { AwsError } from "../http/awsError";
import { verifyPostPolicySignature } from "../http/postPolicy";
import type { AwsResponse } from "../http/wireService";
import { authorizeObject } from "./access";
import { checkKeyLength, type S3Call } from "./parsedCall";
import { emptyAnswer, xmlAnswer } from "./answers";
import { createDigest, defaultAlgorithm, md5Digest } from "./checksums";
import { commitVersion } from "./newVersion";
import { uploadHeaders } from "./versionHeaders";
import type { S3Context } from "./context";
import { invalidArgument } from "./errors";
import { readForm, type Form } from "./formReader";
import { checkPostPolicy, parsePostPolicy } from "./postPolicy";
import { authorizeWrite, statedMetadata } from "./putObject";
import { parseTagDocument, type Tags } from "./tags";
import { refuseOtherHeaders } from "./unsupported";
import { isWellFormed } from "./xml";
import { element } from "./markup";

/** Form fields that become headers of the object (RESTObjectPOST.html). */
const headerFields =
  /^(cache-control|content-type|content-disposition|content-encoding|expires|x-amz-(meta-.*|acl|storage-class|server-side-encryption.*|website-redirect-location))$/;

/** The upload as the form describes it: a call in the name of who signed the policy. */
function callOfForm(s3: S3Context, call: S3Call, { fields, fileName }: Form): S3Call {
  const template = fields.key;
  if (template === undefined || template === "") {
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      "key",
      "",
    );
  }
  // A file without a name leaves the variable as it is (recorded: test_post_object_with_file_as_string).
  const name = fileName?.replace(/^.*[/\\]/, "");
  const key = name === undefined ? template : template.replaceAll("${filename}", () => name);
  checkKeyLength(key);
  const principal =
    fields.policy === undefined ? call.request.principal : verifyPostPolicySignature(s3.iam, s3.place.region, fields);
  const headers = Object.fromEntries(Object.entries(fields).filter(([name]) => headerFields.test(name)));
  refuseOtherHeaders(headers);
  if (fields["file-content-type"] !== undefined) headers["content-type"] ??= fields["file-content-type"];
  return { ...call, key, headers, request: { ...call.request, principal } };
}

/** A document that holds no tags is taken, whatever it is (recorded: test_post_object_with_tags[invalid]). */
function tagsOfField(text: string | undefined): Tags {
  if (text === undefined || (isWellFormed(text) && !/<(\w+:)?Tagging\b/.test(text))) return {};
  return parseTagDocument(text);
}

async function* limited(
  file: AsyncIterable<Uint8Array>,
  { least, most }: { least: number; most: number },
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of file) {
    size += chunk.length;
    if (size <= most) yield chunk; // Of more than that only the size is wanted, for the error.
  }
  if (size > most) {
    throw new AwsError(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: String(size),
      MaxSizeAllowed: String(most),
    });
  }
  if (size < least) {
    throw new AwsError(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      ProposedSize: String(size),
      MinSizeAllowed: String(least),
    });
  }
}

/** PostObject, an upload by an HTML form (RESTObjectPOST.html). Its policy is checked before the file is read. */
export async function postObject(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  const form = await readForm(call.headers["content-type"], call.request.body as AsyncIterable<Uint8Array>);
  const upload = callOfForm(s3, call, form);
  const { fields } = form;
  const sizes =
    fields.policy === undefined
      ? { least: 0, most: Infinity }
      : checkPostPolicy(parsePostPolicy(fields.policy), { ...fields, bucket: call.bucket }, s3.now());
  authorizeWrite(s3, upload);
  if (fields.tagging !== undefined) authorizeObject(s3, upload, "s3:PutObjectTagging");
  const stated = statedMetadata(s3, upload, (value) => value);
  const tags: Tags = tagsOfField(fields.tagging);
  const md5 = md5Digest();
  const checksum = createDigest(defaultAlgorithm);
  const content = Readable.from(limited(form.file, sizes), { objectMode: false });
  const { file, size } = await s3.bodies.receive(content, [md5, checksum]);
  try {
    const version = commitVersion(
      s3,
      upload,
      {
        bucket: upload.bucket,
        key: upload.key,
        deleteMarker: false,
        size,
        etag: await md5.digest(),
        ...stated,
        tags,
        checksum: { algorithm: defaultAlgorithm, value: await checksum.digest(), type: "FULL_OBJECT" },
        segments: [{ file, offset: 0, length: size }],
      },
      "ObjectCreated:Post",
    );
    return answerPost(s3, upload, fields, uploadHeaders(s3, version));
  } catch (error) {
    await s3.bodies.discard(file);
    throw error;
  }
}

function answerPost(
  s3: S3Context,
  { bucket, key }: S3Call,
  fields: Record<string, string>,
  headers: Record<string, string>,
): AwsResponse {
  const location = `${s3.place.awsUrl}/${bucket}/${percentEncodePath(key)}`;
  const redirect = fields.success_action_redirect ?? fields.redirect;
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag: headers.etag ?? "" })) {
      target.searchParams.append(name, value);
    }
    return emptyAnswer(303, { ...headers, location: target.href });
  }
  const status = fields.success_action_status;
  if (status !== "201") return emptyAnswer(status === "200" ? 200 : 204, { ...headers, location });
  const content = [
    element("Location", location),
    element("Bucket", bucket),
    element("Key", key),
    element("ETag", headers.etag),
  ];
  return { ...xmlAnswer("PostResponse", content, { ...headers, location }), status: 201 };
}

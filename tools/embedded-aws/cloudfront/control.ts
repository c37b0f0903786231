import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import { escapeXml } from "../http/escapeXml";
import { readAll } from "../http/readAll";
import type { AwsRequest, AwsResponse, WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import { parseXml } from "../s3/xml";
import type { Deployed } from "./deployed";

const LARGEST_REQUEST = 2 * 1024 * 1024;
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/InvalidationLimits.html */
const MOST_PATHS = 3_000;
const MOST_WILDCARDS = 15;

interface Invalidation {
  id: string;
  paths: string[];
}

/** CloudFront's own API, of which there is CreateInvalidation. What is invalidated is gone when it answers. */
export function createControl({
  iam,
  now,
  deployed,
}: {
  iam: Iam;
  now: () => number;
  deployed: () => Deployed | undefined;
}): WireService {
  /** By their caller's reference. */
  const invalidations = new Map<string, Invalidation>();

  const createInvalidation = async (request: AwsRequest, id: string): Promise<AwsResponse> => {
    const found = deployed();
    const arn = found?.distribution.arn ?? "";
    const resource = arn.replace(/[^/]*$/, id);
    iam.authorize({ principal: request.principal, action: "cloudfront:CreateInvalidation", resource });
    if (found?.distribution.id !== id) {
      throw new AwsError(404, "NoSuchDistribution", "The specified distribution does not exist.");
    }
    const batch = parseXml((await readAll(request.body, LARGEST_REQUEST)).toString(), "InvalidationBatch");
    const reference = batch.text("CallerReference") ?? "";
    const paths =
      batch
        .child("Paths")
        ?.child("Items")
        ?.children("Path")
        .map((path) => path.ownText) ?? [];
    checkPaths(paths, Number(batch.child("Paths")?.text("Quantity")));
    const known = invalidations.get(reference);
    if (known && known.paths.join(" ") !== paths.join(" ")) {
      const message = `Your request contains a caller reference that was used for a previous invalidation batch: ${reference}`;
      throw new AwsError(409, "InvalidationBatchAlreadyExists", message);
    }
    const invalidation = known ?? { id: `I${String(invalidations.size + 1).padStart(13, "0")}`, paths };
    if (!known) for (const path of paths) found.cache.invalidate(path);
    invalidations.set(reference, invalidation);
    return {
      status: 201,
      headers: { "content-type": "text/xml", location: `${request.path}/${invalidation.id}` },
      body: described(invalidation, reference, now()),
    };
  };

  return {
    handle: async (request) => {
      try {
        const [, id] = /^\/2020-05-31\/distribution\/([^/]+)\/invalidation$/.exec(request.path) ?? [];
        if (id === undefined || request.method !== "POST") {
          throw notImplemented(`cloudfront: ${request.method} ${request.path}`);
        }
        return await createInvalidation(request, id);
      } catch (error) {
        if (error instanceof AwsError) return errorResponse("cloudfront", error, request.requestId);
        throw error;
      }
    },
  };
}

/**
 * Each path begins with a slash, is percent-encoded, and has `*` as its last character alone.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 */
function checkPaths(paths: string[], quantity: number): void {
  if (quantity !== paths.length) {
    throw new AwsError(400, "InconsistentQuantities", "The value of Quantity and the size of Items don't match.");
  }
  const valid = /^\/[!$-;=?-Z_a-z~%]*$/;
  if (
    paths.length === 0 ||
    paths.some((path) => !valid.test(path) || path.slice(0, -1).includes("*") || path.length > 4_000)
  ) {
    throw new AwsError(400, "InvalidArgument", "Your request contains one or more invalid invalidation paths.");
  }
  const wildcards = paths.filter((path) => path.endsWith("*")).length;
  if (wildcards > MOST_WILDCARDS || paths.length - wildcards > MOST_PATHS) {
    const message = "Processing your request will cause you to exceed the maximum number of in-progress invalidations.";
    throw new AwsError(400, "TooManyInvalidationsInProgress", message);
  }
}

const described = ({ id, paths }: Invalidation, reference: string, now: number): string =>
  [
    '<?xml version="1.0"?>\n<Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">',
    `<Id>${id}</Id><Status>InProgress</Status><CreateTime>${new Date(now).toISOString()}</CreateTime>`,
    `<InvalidationBatch><Paths><Quantity>${paths.length}</Quantity><Items>`,
    ...paths.map((path) => `<Path>${escapeXml(path)}</Path>`),
    `</Items></Paths><CallerReference>${escapeXml(reference)}</CallerReference></InvalidationBatch></Invalidation>`,
  ].join("");

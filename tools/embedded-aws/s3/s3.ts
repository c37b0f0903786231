import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { errorStack } from "../errorMessage";
import { AwsError } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import type { Announce } from "../announce";
import type { AwsRequest, AwsResponse, WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import type { SqsDelivery } from "../sqs/serviceCalls";
import { createAdmin, type S3Admin } from "./admin";
import { BodyFiles } from "./bodyFiles";
import { BucketStore } from "./bucketStore";
import { corsHeaders } from "./cors";
import { parseCall, type S3Call } from "./parsedCall";
import { CompletedUploads } from "./completedUploads";
import type { S3Context } from "./context";
import { FileUses } from "./fileUses";
import { MarkerError } from "./getObject";
import { Listing } from "./listing";
import { ObjectStore } from "./objectStore";
import { route } from "./routes";
import { createTables } from "./schema";
import { Sequencer } from "./sequencer";
import { UploadStore } from "./uploadStore";

export type { S3Admin } from "./admin";

export interface S3Options {
  /** The data folder's shared database. */
  db: DatabaseSync;
  /** Folder of object bodies, of this service alone: what the database does not know there is removed. */
  dir: string;
  iam: Iam;
  place: Place;
  sqs: SqsDelivery;
  /** Called with each event that could not be sent, and each failure of the service itself. */
  announce?: Announce;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** Whether a notification is lost; none is by default. */
  lose?: () => boolean;
}

/** S3 with path-style addresses, on one database and one folder of bodies. */
export function createS3(options: S3Options): WireService & S3Admin {
  const { db, dir, iam, place, sqs } = options;
  const now = options.now ?? Date.now;
  const announce = options.announce ?? (() => undefined);
  createTables(db);
  const files = new FileUses(db);
  const bodies = new BodyFiles(dir);
  files.forgetUnused();
  bodies.sweep((file) => files.isKnown(file));
  const s3: S3Context = {
    db,
    place,
    iam,
    sqs,
    announce,
    now,
    lose: options.lose ?? (() => false),
    files,
    bodies,
    buckets: new BucketStore(db),
    objects: new ObjectStore(db, files),
    uploads: new UploadStore(db, files),
    completed: new CompletedUploads(db),
    listing: new Listing(db),
    sequencer: new Sequencer(db, now),
    ownerId: createHash("sha256").update(place.accountId).digest("hex"),
  };
  return { ...createAdmin(s3), handle: (request) => handle(s3, request) };
}

async function handle(s3: S3Context, request: AwsRequest): Promise<AwsResponse> {
  const answer = await run(s3, request);
  // A HEAD is answered without a body, errors included (API_HeadObject.html).
  return request.method === "HEAD" ? { status: answer.status, headers: answer.headers } : answer;
}

async function run(s3: S3Context, request: AwsRequest): Promise<AwsResponse> {
  let call: S3Call | undefined;
  try {
    call = parseCall(request);
    const answer = await route(call)(s3, call);
    return request.method === "OPTIONS" ? answer : withHeaders(answer, corsHeaders(s3, call));
  } catch (error) {
    const known = error instanceof AwsError ? error : internalError(s3, error);
    const answer = errorResponse("s3", known, request.requestId);
    const marked = known instanceof MarkerError ? withHeaders(answer, known.headers) : answer;
    return call === undefined ? marked : withHeaders(marked, corsHeaders(s3, call));
  }
}

const withHeaders = (answer: AwsResponse, headers: Record<string, string>): AwsResponse => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
});

function internalError(s3: S3Context, error: unknown): AwsError {
  s3.announce(`S3 failed: ${errorStack(error)}`);
  return new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
}

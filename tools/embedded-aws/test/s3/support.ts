import { AwsError } from "../../http/awsError";
import { createS3, type S3Admin } from "../../s3/s3";
import type { Principal } from "../../iam/principal";
import type { WireService } from "../../http/wireService";
import { startTestAws, type TestAws } from "../support/aws";
import { join } from "node:path";

interface Delivery {
  queueArn: string;
  body: string;
  from: Principal;
}

export interface TestS3 extends TestAws {
  service: WireService & S3Admin;
  /** Messages that S3 sent to queues. */
  deliveries: Delivery[];
  /** Queues whose policy does not let S3 in. */
  closed: Set<string>;
  announced: string[];
  /** Milliseconds since the epoch, moved by tests. */
  clock: { now: number };
  /** Whether notifications are lost. */
  faults: { lose: boolean };
  /** A second S3 on the same database and folder, as after a restart of the process. */
  reopen(): WireService & S3Admin;
}

/** Starts S3 behind the real listener and IAM, with queues that only record what they receive. */
export async function startS3(): Promise<TestS3> {
  const deliveries: Delivery[] = [];
  const closed = new Set<string>();
  const announced: string[] = [];
  const clock = { now: Date.parse("2026-03-01T12:00:00.000Z") };
  const faults = { lose: false };
  const services: { s3?: WireService & S3Admin } = {};
  let reopen: (() => WireService & S3Admin) | undefined;
  const aws = await startTestAws({
    services: ({ db, iam, place, dir }) => {
      reopen = () =>
        createS3({
          db,
          iam,
          place,
          dir: join(dir, "bodies"),
          announce: (line) => announced.push(line),
          now: () => clock.now,
          lose: () => faults.lose,
          sqs: {
            deliver: (queueArn, body, from) => {
              if (closed.has(queueArn)) throw new AwsError(403, "AccessDenied", "no access to the queue");
              deliveries.push({ queueArn, body, from });
            },
          },
        });
      services.s3 = reopen();
      return { s3: services.s3 };
    },
  });
  return { ...aws, service: services.s3!, deliveries, closed, announced, clock, faults, reopen: () => reopen!() };
}

/** The error of a call, as the SDK shows it. */
export interface Failure {
  name: string;
  message: string;
  $metadata: { httpStatusCode: number };
  [detail: string]: unknown;
}

/** Waits for a call to fail. */
export async function failure(call: Promise<unknown>): Promise<Failure> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome) return outcome.error as Failure;
  throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`);
}

/** `404 NoSuchKey` */
export async function code(call: Promise<unknown>): Promise<string> {
  const error = await failure(call);
  return `${error.$metadata.httpStatusCode} ${error.name}`;
}

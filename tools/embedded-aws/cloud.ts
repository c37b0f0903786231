import { join } from "node:path";

import { createApiGateway } from "./apigateway/apiGateway";
import { createCloudFront } from "./cloudfront/cloudFront";
import { createCloudWatch } from "./cloudwatch/cloudWatch";
import { openDatabase } from "./database";
import { createDynamodb } from "./dynamodb/dynamodb";
import type { Faults } from "./injectedFaults";
import { createBuses } from "./events/buses";
import { createSchedules } from "./events/schedules";
import type { DeclaredPolicy } from "./iam/grants";
import { createIam } from "./iam/iam";
import { createEventSourceMappings } from "./lambda/eventSourceMappings";
import { createLambda } from "./lambda/lambda";
import { createLogs } from "./logs/logs";
import { createLogsWire } from "./logs/wire";
import { createS3 } from "./s3/s3";
import { createSqs } from "./sqs/sqs";
import { createSts } from "./sts/sts";
import type { Announce } from "./announce";
import type { Place } from "./place";

interface CloudOptions {
  /** Data folder; what is stored there survives a kill of this process. */
  dir: string;
  place: Place;
  announce: Announce;
  faults?: Pick<Faults, "duplicate" | "lose" | "retrySeconds">;
  /** See LambdaOptions. */
  accountConcurrency?: number;
  /** See LocalRunOptions. */
  s3Now?: () => number;
}

/** All services of one embedded AWS, wired to each other. Nothing listens yet. */
export function createCloud(options: CloudOptions) {
  const { dir, place, announce, faults, accountConcurrency, s3Now } = options;
  const db = openDatabase(join(dir, "aws.sqlite"));
  const iam = createIam({ db, place });
  const logs = createLogs({ dir: join(dir, "logs"), iam, place });
  const sqs = createSqs({ db, iam, place, duplicate: faults?.duplicate });
  const s3 = createS3({ db, dir: join(dir, "s3"), iam, place, sqs, announce, now: s3Now, lose: faults?.lose });
  const dynamodb = createDynamodb({ db, dir: join(dir, "dynamodb"), iam, place });
  const lambda = createLambda({ dir: join(dir, "functions"), iam, logs, place, announce, accountConcurrency });
  const mappings = createEventSourceMappings({
    sqs,
    streams: dynamodb.streams,
    lambda,
    iam,
    announce,
    retrySeconds: faults?.retrySeconds,
  });
  const schedules = createSchedules({ lambda, place, announce });
  const buses = createBuses({ db, iam, place, sqs, announce });
  const wire = { s3, sqs, dynamodb, lambda, sts: createSts({ place }) };
  const apigateway = createApiGateway({ iam, place, services: wire, lambda, logs, announce });
  const cloudwatch = createCloudWatch({ iam, place });
  const cloudfront = createCloudFront({ iam, place, s3, announce });
  return {
    iam,
    logs,
    sqs,
    s3,
    dynamodb,
    lambda,
    mappings,
    schedules,
    buses,
    apigateway,
    cloudwatch,
    cloudfront,
    /** The services that speak AWS's protocols, by service name. */
    wire: {
      ...wire,
      apigateway: apigateway.control,
      monitoring: cloudwatch,
      events: buses,
      logs: createLogsWire({ logs, iam, place }),
      cloudfront: cloudfront.control,
    },
    /** Every policy that is in force: of roles, about who may assume them, and of resources. */
    policies(): DeclaredPolicy[] {
      const roles = iam.policies();
      const resources = [sqs, s3, lambda, apigateway].flatMap((service) => service.policies());
      return [
        ...roles.flatMap(({ policies }) => policies.map((policy) => ({ ...policy, source: "identity" as const }))),
        ...[...roles.map(({ trustPolicy }) => trustPolicy), ...resources].map((policy) => ({
          ...policy,
          source: "resource" as const,
        })),
      ];
    },
    /** Stops all services; stored data stays. */
    async close(): Promise<void> {
      schedules.close();
      await Promise.all([mappings.close(), apigateway.close(), cloudfront.close()]);
      await lambda.close();
      sqs.close();
      await dynamodb.close();
      db.close();
    },
  };
}
export type Cloud = ReturnType<typeof createCloud>;

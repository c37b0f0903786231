import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloud } from "./cloud";
import { startAwsServer } from "./http/server";
import type { Credentials } from "./iam/credentials";
import { ACCOUNT_ID, type Place } from "./place";

export interface EmptyAws {
  /** Configuration for SDK clients that call as the account's owner; a failed call is not repeated. */
  client: { endpoint: string; region: string; credentials: Credentials; maxAttempts: number };
  /** Stops the services and removes everything that they stored. */
  close(): Promise<void>;
}

/** Starts S3, SQS, DynamoDB, Lambda and STS without a program, in a temporary folder and on a free port of 127.0.0.1. */
export async function startEmptyAws(): Promise<EmptyAws> {
  const dir = mkdtempSync(join(tmpdir(), "aws-"));
  const place: Place = { accountId: ACCOUNT_ID, region: "eu-central-1", partition: "aws", awsUrl: "", apiUrl: "" };
  const cloud = createCloud({ dir, place, announce: () => undefined });
  const { iam, wire: services } = cloud;
  const server = await startAwsServer({ port: 0, iam, services, region: place.region });
  place.awsUrl = server.url;
  return {
    client: { endpoint: server.url, region: place.region, credentials: iam.owner, maxAttempts: 1 },
    close: async () => {
      await server.close();
      await cloud.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { openDatabase } from "../../database";
import { startAwsServer, type AwsServerOptions } from "../../http/server";
import { createIam, type LocalIam } from "../../iam/iam";
import type { Credentials } from "../../iam/credentials";
import type { Place } from "../../place";
import type { WireService } from "../../http/wireService";
import { watchActions } from "./knownActions";

interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: Credentials;
  maxAttempts: number;
}

/** The parts that a service under test is made with. */
interface TestDeps {
  db: DatabaseSync;
  iam: LocalIam;
  place: Place;
  /** An empty folder that is removed at the end. */
  dir: string;
}

export interface TestAws extends TestDeps {
  url: string;
  /** Configuration of SDK clients that call as the account's owner. */
  config: ClientConfig;
  /** The same for a role. The role must have been put into IAM before. */
  configFor(roleArn: string): ClientConfig;
  /** Declares a role with one policy (none: it may do nothing) and returns its ARN. */
  role(
    name: string,
    statements?: { Action: string | string[]; Resource: string | string[]; Condition?: object }[],
  ): string;
  /** Clients of the owner, or of the configuration given. They are destroyed by `close`. */
  s3(config?: ClientConfig): S3Client;
  sqs(config?: ClientConfig): SQSClient;
  dynamodb(config?: ClientConfig): DynamoDBClient;
  close(): Promise<void>;
}

interface TestAwsOptions extends Pick<AwsServerOptions, "onCall" | "losesAnswer" | "now" | "announce"> {
  services: (deps: TestDeps) => Record<string, WireService> | Promise<Record<string, WireService>>;
  /** File of the database; in memory when left out. */
  database?: string;
}

export const testPlace = (): Place => ({
  accountId: "123456789012",
  region: "eu-central-1",
  partition: "aws",
  awsUrl: "http://127.0.0.1:0",
  apiUrl: "http://127.0.0.1:0",
});

/** Starts the embedded AWS with some services on a free port, and hands out SDK clients for it. */
export async function startTestAws({ services, database, ...hooks }: TestAwsOptions): Promise<TestAws> {
  const dir = mkdtempSync(join(tmpdir(), "aws-"));
  const db = openDatabase(database ?? ":memory:");
  const place = testPlace();
  const { now } = hooks;
  const iam = createIam({ db, place, ...(now && { now: () => now().getTime() }) });
  const unknownActions = watchActions(iam);
  const running: Record<string, WireService> = {};
  const server = await startAwsServer({ port: 0, iam, services: running, region: place.region, ...hooks });
  place.awsUrl = server.url;
  Object.assign(running, await services({ db, iam, place, dir }));

  const configOf = (credentials: Credentials): ClientConfig => ({
    endpoint: server.url,
    region: place.region,
    credentials,
    maxAttempts: 1,
  });
  const config = configOf(iam.owner);
  const clients: { destroy(): void }[] = [];
  const keep = <Client extends { destroy(): void }>(client: Client): Client => {
    clients.push(client);
    return client;
  };
  return {
    db,
    iam,
    place,
    dir,
    url: server.url,
    config,
    configFor: (roleArn) => configOf(iam.credentialsOf(roleArn)),
    role: (name, statements = []) => {
      const arn = `arn:aws:iam::${place.accountId}:role/${name}`;
      const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
      iam.putRole({ arn, trustPolicy: { Statement: [trust] } });
      if (statements.length > 0) {
        const Statement = statements.map((statement) => ({ Effect: "Allow", ...statement }));
        iam.putRolePolicy(name, `${name}-policy`, { Version: "2012-10-17", Statement });
      }
      return arn;
    },
    s3: (own = config) => keep(new S3Client(own)),
    sqs: (own = config) => keep(new SQSClient(own)),
    dynamodb: (own = config) => keep(new DynamoDBClient(own)),
    close: async () => {
      for (const client of clients) client.destroy();
      await server.close();
      db.close();
      rmSync(dir, { recursive: true, force: true });
      const unknown = await unknownActions();
      if (unknown.length > 0) throw new Error(`AWS's Service Authorization Reference: ${unknown.join(", ")}`);
    },
  };
}

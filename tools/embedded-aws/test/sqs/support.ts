import { CreateQueueCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";
import { createSqs, type SqsOptions } from "../../sqs/sqs";
import { startTestAws, type TestAws } from "../support/aws";

/** A clock that a test moves by hand. */
class Clock {
  time = Date.UTC(2026, 0, 1);
  now = (): number => this.time;
  pass(seconds: number): void {
    this.time += seconds * 1000;
  }
}

export interface SqsTest {
  aws: TestAws;
  clock: Clock;
  service: ReturnType<typeof createSqs>;
  client: SQSClient;
  /** Creates a queue and returns its URL. */
  queue(name: string, attributes?: Partial<Record<QueueAttributeName, string>>): Promise<string>;
  arn(name: string): string;
  close(): Promise<void>;
}

export async function startSqs(options: Partial<SqsOptions> & { database?: string } = {}): Promise<SqsTest> {
  const clock = new Clock();
  const { database, ...rest } = options;
  let service: ReturnType<typeof createSqs> | undefined;
  const aws = await startTestAws({
    database,
    services: ({ db, iam, place }) => {
      service = createSqs({ db, iam, place, now: clock.now, ...rest });
      return { sqs: service };
    },
  });
  const client = aws.sqs();
  const made = service!;
  return {
    aws,
    clock,
    client,
    service: made,
    async queue(name, attributes) {
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
      return QueueUrl!;
    },
    arn: (name) => `arn:aws:sqs:${aws.place.region}:${aws.place.accountId}:${name}`,
    async close() {
      made.close();
      await aws.close();
    },
  };
}

/** The error that a promise rejects with; fails when it resolves. */
export async function failure(
  promise: Promise<unknown>,
): Promise<Error & { name: string; $metadata?: { httpStatusCode?: number } }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

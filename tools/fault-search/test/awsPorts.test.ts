import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createDynamodb } from "../../embedded-aws/dynamodb/dynamodb";
import { createS3 } from "../../embedded-aws/s3/s3";
import { createSqs } from "../../embedded-aws/sqs/sqs";
import { startTestAws } from "../../embedded-aws/test/support/aws";
import { openAwsPorts } from "./awsPorts";
import { describePorts } from "./portConformance";

describePorts("the embedded AWS", async () => {
  const closers: (() => void | Promise<void>)[] = [];
  const aws = await startTestAws({
    services: ({ db, iam, place, dir }) => {
      const sqs = createSqs({ db, iam, place });
      const s3 = createS3({ db, iam, place, dir: join(dir, "bodies"), sqs });
      const dynamodb = createDynamodb({ db, iam, place, dir: undefined, sweepSeconds: 0 });
      closers.push(
        () => sqs.close(),
        () => dynamodb.close(),
      );
      return { s3, sqs, dynamodb };
    },
  });
  const s3 = new S3Client({ ...aws.config, forcePathStyle: true });
  const { region } = aws.place;
  const open = await openAwsPorts({ s3, sqs: aws.sqs(), dynamodb: aws.dynamodb(), region });
  return {
    ...open,
    async close() {
      s3.destroy();
      for (const close of closers) await close();
      await aws.close();
    },
  };
});

// On AWS itself, where that is asked for: it makes and deletes two buckets, three queues and a table.
const region = process.env.CONFORMANCE_AWS_REGION;
if (region !== undefined) {
  describePorts(`AWS in ${region}`, async () =>
    openAwsPorts({
      s3: new S3Client({ region }),
      sqs: new SQSClient({ region }),
      dynamodb: new DynamoDBClient({ region }),
      region,
    }),
  );
}

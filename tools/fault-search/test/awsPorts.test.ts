import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { startEmptyAws } from "../../embedded-aws";
import { openAwsPorts } from "./awsPorts";
import { describePorts } from "./portConformance";

describePorts("the embedded AWS", async () => {
  const aws = await startEmptyAws();
  const { region } = aws.client;
  const clients = {
    s3: new S3Client({ ...aws.client, forcePathStyle: true }),
    sqs: new SQSClient(aws.client),
    dynamodb: new DynamoDBClient(aws.client),
  };
  const open = await openAwsPorts({ ...clients, region });
  return {
    ...open,
    async close() {
      for (const client of Object.values(clients)) client.destroy();
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

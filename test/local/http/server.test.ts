import { PutObjectCommand } from "@aws-sdk/client-s3";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { readAll } from "../../../local/http/requests";
import type { AwsRequest, WireService } from "../../../local/types";
import { startTestAws, type TestAws } from "../support/aws";

interface Seen extends Omit<AwsRequest, "body" | "trailers"> {
  payload: Buffer;
  trailing: Record<string, string>;
}

/** Takes every call, and remembers it. */
function recorder(seen: Seen[]): WireService {
  return {
    handle: async ({ body, trailers, ...request }) => {
      const payload = await readAll(body, Infinity);
      seen.push({ ...request, payload, trailing: (await trailers) ?? {} });
      return { status: 200, headers: {}, body: request.service === "s3" ? "" : "{}" };
    },
  };
}

describe("the AWS endpoint", () => {
  let aws: TestAws;
  let seen: Seen[];

  beforeEach(async () => {
    seen = [];
    const service = recorder(seen);
    aws = await startTestAws({ services: () => ({ s3: service, sqs: service, dynamodb: service }) });
  });
  afterEach(() => aws.close());

  it("takes an SDK upload", async () => {
    await aws.s3().send(new PutObjectCommand({ Bucket: "photos", Key: "a b+c%d'é😀.jpg", Body: "hello" }));
    expect(seen[0]!.payload.toString()).to.equal("hello");
    expect(seen[0]!.principal.kind).to.equal("user");
  });

  it("takes SDK calls of the JSON services", async () => {
    await aws.sqs().send(new ListQueuesCommand({}));
    await aws.dynamodb().send(new ListTablesCommand({}));
    expect(seen.map(({ service }) => service)).to.deep.equal(["sqs", "dynamodb"]);
  });
});

/** Runs a function that never ends and tells its process id; the test that forked this kills it. */
import { createIam } from "../../iam/iam";
import { openDatabase } from "../../database";
import { createLambda } from "../../lambda/lambda";
import type { Place } from "../../place";

async function main(dir: string, afterwards: string): Promise<void> {
  const place: Place = {
    accountId: "123456789012",
    region: "eu-central-1",
    partition: "aws",
    awsUrl: "http://127.0.0.1:1",
    apiUrl: "http://127.0.0.1:1",
  };
  const iam = createIam({ db: openDatabase(":memory:"), place });
  const role = `arn:aws:iam::${place.accountId}:role/orphan`;
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
  iam.putRole({ arn: role, trustPolicy: { Statement: [trust] } });
  const logs = {
    write(_group: string, _stream: string, lines: string[]): void {
      if (lines.some((line) => line.includes("begun"))) process.send?.(lambda.environments()[0]?.pid);
    },
  };
  const lambda = createLambda({ dir, iam, logs, place, announce: () => undefined });
  const source = `exports.handler = async () => { console.log('begun'); ${afterwards} };`;
  const code = { assets: { "__index.js": { text: source } } };
  const declaration = { name: "orphan", code, handler: "__index.handler", runtime: "nodejs24.x", role };
  await lambda.declareFunction({ ...declaration, timeoutSeconds: 60 });
  await lambda.run(`arn:aws:lambda:${place.region}:${place.accountId}:function:orphan`, {});
}

void main(process.argv[2]!, process.argv[3]!);

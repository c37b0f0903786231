import { createLambda, type LambdaOptions } from "../../lambda/lambda";
import type { FunctionDeclaration } from "../../lambda/registry";
import { createLogs } from "../../logs/logs";
import { createSqs } from "../../sqs/sqs";
import type { Principal } from "../../iam/principal";
import { startTestAws, type TestAws } from "../support/aws";
import { join } from "node:path";

export interface LambdaTest {
  aws: TestAws;
  lambda: ReturnType<typeof createLambda>;
  sqs: ReturnType<typeof createSqs>;
  logs: ReturnType<typeof createLogs>;
  /** Lines of the functions' logs, in the order of writing. */
  lines: string[];
  announced: string[];
  owner: Principal;
  arn(functionName: string): string;
  /** Declares a function with the body of `exports.handler` and its own module scope; its role may write logs. */
  declare(name: string, source: string, more?: Partial<FunctionDeclaration>): Promise<string>;
  /** Invokes as the account's owner. */
  invoke(name: string, payload?: unknown): Promise<{ functionError?: string; payload: unknown }>;
  close(): Promise<void>;
}

/** An archive of text files, as a gathered program declares it. */
export const archiveOf = (files: Record<string, string>): unknown => ({
  assets: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, { text }])),
});

export async function startLambda(options: Partial<LambdaOptions> = {}): Promise<LambdaTest> {
  const lines: string[] = [];
  const announced: string[] = [];
  let parts: Pick<LambdaTest, "lambda" | "sqs" | "logs"> | undefined;
  const aws = await startTestAws({
    services: ({ db, iam, place, dir }) => {
      const logs = createLogs({ dir: join(dir, "logs"), iam, place });
      logs.onLine((_group, line) => void lines.push(line));
      const announce = (line: string): void => void announced.push(line);
      const lambda = createLambda({ dir: join(dir, "functions"), iam, logs, place, announce, ...options });
      const sqs = createSqs({ db, iam, place });
      parts = { lambda, sqs, logs };
      return { lambda, sqs };
    },
  });
  const { lambda, sqs, logs } = parts!;
  const owner = aws.iam.lookup(aws.config.credentials.accessKeyId)!.principal;
  const arn = (name: string): string => `arn:aws:lambda:${aws.place.region}:${aws.place.accountId}:function:${name}`;
  return {
    aws,
    lambda,
    sqs,
    logs,
    lines,
    announced,
    owner,
    arn,
    async declare(name, source, more = {}) {
      const role = aws.role(`${name}-role`, [
        { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "arn:aws:logs:*:*:log-group:/aws/lambda/*" },
      ]);
      logs.declareGroup(`/aws/lambda/${name}`);
      await lambda.declareFunction({
        name,
        role,
        handler: "__index.handler",
        runtime: "nodejs24.x",
        memoryMb: 512,
        code: archiveOf({ "__index.js": source }),
        ...more,
      });
      return arn(name);
    },
    invoke: (name, payload = {}) => lambda.invoke(arn(name), payload, owner),
    async close() {
      await lambda.close();
      sqs.close();
      await aws.close();
    },
  };
}

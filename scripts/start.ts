import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";

import { type FaultRates, parseFaults } from "../local/faults";
import { readStackConfig } from "../local/program";
import { type LocalRun, startLocalRun } from "../local/run";
import { installedLayer } from "./support/installedLayer";

const root = join(__dirname, "..");

const usage = `Runs the service on this machine.

  npm start -- [--stack dev|prod] [--port N] [--fresh] [--data DIR] [--verbose]

  --stack    whose configuration to use                          default: dev
  --port     port of the API, 0 for any that is free             default: 4000
  --fresh    forget what an earlier run stored
  --data     where everything is stored                          default: .local/<stack>
  --verbose  print every line that the functions log
  --faults   what goes wrong on purpose: throttle=2,error=1,duplicate=10,kill=5,retry=1
             (% of calls, % of calls, % of messages, seconds between kills, seconds to a retry)`;

interface Flags {
  stack: string;
  port: number;
  fresh: boolean;
  data: string;
  verbose: boolean;
  faults: FaultRates | undefined;
}

/** Reads the command line; throws with one line that says what is wrong. */
function readFlags(args: string[]): Flags {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", default: "dev" },
      port: { type: "string", default: "4000" },
      fresh: { type: "boolean", default: false },
      data: { type: "string" },
      verbose: { type: "boolean", default: false },
      faults: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const { stack, port, fresh, verbose } = values;
  const stacks = readdirSync(root).flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);
  if (!stacks.includes(stack)) throw new Error(`unknown stack "${stack}": there is ${stacks.join(", ")}`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`--port must be a whole number from 0 to 65535, got "${port}"`);
  }
  return {
    ...{ stack, port: Number(port), fresh, verbose },
    data: resolve(values.data ?? join(root, ".local", stack)),
    faults: values.faults === undefined ? undefined : parseFaults(values.faults),
  };
}

function summary(run: LocalRun, { stack, data }: Flags, seconds: string): string {
  const { accessKeyId, secretAccessKey } = run.cloud.iam.owner;
  const api = String(run.outputs.apiUrl);
  const here = (path: string): string => relative(process.cwd(), path) || ".";
  const auth =
    run.outputs.apiAuth === "iam"
      ? ` --aws-sigv4 aws:amz:${run.place.region}:execute-api --user ${accessKeyId}:${secretAccessKey}`
      : run.outputs.apiAuth === "cognito"
        ? ` -H "Authorization: $ID_TOKEN"`
        : "";
  return [
    `Ready in ${seconds} s: stack ${stack}, ${run.resources.length} resources.`,
    "",
    `  API   ${api}`,
    `  AWS   ${run.place.awsUrl}   (aws --endpoint-url ${run.place.awsUrl} …; keys in ${here(join(data, "endpoints.json"))})`,
    `  data  ${here(data)}`,
    `  logs  ${here(join(data, "logs"))}`,
    "",
    "Send a photo, then ask for it:",
    "",
    `  curl${auth} -X PUT -H "Content-Type: image/jpeg" --data-binary @test/photos/p12.jpg ${api}/raw/photo.jpg`,
    "",
    `  curl${auth} ${api}/raw/photo.jpg`,
    "",
    "Ctrl-C stops it; what was stored stays.",
  ].join("\n");
}

async function main(): Promise<void> {
  const startedAt = process.hrtime.bigint();
  const flags = readFlags(process.argv.slice(2));
  process.env.SNAIL_IMAGES_LAYER ??= installedLayer();
  const run = await startLocalRun({
    program: join(root, "index.ts"),
    project: "snail-images",
    stack: flags.stack,
    config: readStackConfig(root, flags.stack),
    ...{ data: flags.data, fresh: flags.fresh, port: flags.port, verbose: flags.verbose, faults: flags.faults },
    announce: (line) => console.log(line),
  });
  const stop = (): void => {
    // A second Ctrl-C, or something that will not end, must not keep the terminal.
    process.once("SIGINT", () => process.exit(130));
    setTimeout(() => process.exit(1), 2_500).unref();
    void run.close().finally(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  console.log(summary(run, flags, seconds.toFixed(1)));
}

main().catch((error: unknown) => {
  console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});

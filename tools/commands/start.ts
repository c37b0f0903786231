import { join, relative } from "node:path";

import { readStackConfig } from "../embedded-aws/program/program";
import { type LocalRun, startLocalRun } from "../embedded-aws/run";
import { installedLayer } from "./support/installedLayer";
import { readStartFlags, type StartFlags, usage } from "./support/startFlags";

const root = join(__dirname, "../..");

function summary(run: LocalRun, { stack, data }: StartFlags, seconds: string): string {
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
    `  curl${auth} -X PUT -H "Content-Type: image/jpeg" --data-binary @${here(join(root, "test/photos/p12.jpg"))} ${api}/raw/photo.jpg`,
    "",
    `  curl${auth} ${api}/raw/photo.jpg`,
    "",
    "Ctrl-C stops it; what was stored stays.",
  ].join("\n");
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function main(): Promise<void> {
  const startedAt = process.hrtime.bigint();
  const flags = readStartFlags(process.argv.slice(2));
  if (!flags) {
    console.log(usage);
    return;
  }
  process.env.SNAIL_IMAGES_LAYER ??= installedLayer();
  const run = await startLocalRun({
    program: join(root, "index.ts"),
    project: "snail-images",
    stack: flags.stack,
    config: readStackConfig(root, flags.stack),
    data: flags.data,
    fresh: flags.fresh,
    port: flags.port,
    verbose: flags.verbose,
    faults: flags.faults,
    announce: (line) => console.log(line),
  });
  const stop = (): void => {
    // A second Ctrl-C, or something that will not end, must not keep the terminal.
    process.once("SIGINT", () => process.exit(130));
    setTimeout(() => process.exit(1), 2_500).unref();
    run.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`npm start: ${messageOf(error)}`);
        process.exit(1);
      },
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  console.log(summary(run, flags, seconds.toFixed(1)));
}

main().catch((error: unknown) => {
  console.error(`npm start: ${messageOf(error)}`);
  process.exit(1);
});

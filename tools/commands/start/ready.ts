import { join, relative } from "node:path";

import type { Endpoints } from "../support/localService";

export interface Ready {
  stack: string;
  /** Data folder. */
  data: string;
  /** The project's folder. */
  root: string;
  resources: number;
  /** How long the start took. */
  seconds: number;
  /** Who may call the API. */
  auth: string;
  endpoints: Pick<Endpoints, "api" | "aws" | "console" | "region" | "accessKeyId" | "secretAccessKey" | "outputs">;
}

/** The lines that a run prints once it serves: addresses, and commands to paste. */
export function readyText({ stack, data, root, resources, seconds, auth, endpoints }: Ready): string {
  const { api, aws, console, outputs } = endpoints;
  const { deliveryUrl } = outputs;
  const here = (path: string): string => relative(process.cwd(), path) || ".";
  const curl = `curl -i${credentials(auth, endpoints)}`;
  const photo = here(join(root, "test/photos/p12.jpg"));
  const elsewhere = data === join(root, ".local", "dev") ? "" : ` --data ${here(data)}`;
  return [
    `Ready in ${seconds.toFixed(1)} s: stack ${stack}, ${resources} resources.`,
    "",
    ...(console === undefined ? [] : [`  console  ${console}`]),
    `  API      ${api}`,
    ...(typeof deliveryUrl === "string" ? [`  images   ${deliveryUrl}   (CloudFront, with delivery: cloudfront)`] : []),
    `  AWS      ${aws}   (source ${here(join(data, "env"))}: then the AWS CLI and SDKs talk to it)`,
    `  data     ${here(data)}`,
    `  logs     ${here(join(data, "logs"))}`,
    "",
    "Send a photo, then look at it:",
    "",
    `  npx snail send ${photo} --as photo.jpg --wait${elsewhere}`,
    `  npx snail show photo.jpg${elsewhere}`,
    `  npx snail list${elsewhere}`,
    `  npx snail open photo.jpg${elsewhere}`,
    `  npx snail delete photo.jpg${elsewhere}`,
    "",
    "The same with curl:",
    "",
    `  ${curl} -X PUT -H "Content-Type: image/jpeg" --data-binary @${photo} ${api}/raw/photo.jpg`,
    "",
    `  ${curl.replace(" -i", "")} ${api}/raw/photo.jpg`,
    "",
    "Ctrl-C stops it; what was stored stays.",
  ].join("\n");
}

function credentials(auth: string, { region, accessKeyId, secretAccessKey }: Ready["endpoints"]): string {
  if (auth === "iam") return ` --aws-sigv4 aws:amz:${region}:execute-api --user ${accessKeyId}:${secretAccessKey}`;
  return auth === "cognito" ? ` -H "Authorization: $ID_TOKEN"` : "";
}

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
  endpoints: Pick<Endpoints, "api" | "aws" | "region" | "accessKeyId" | "secretAccessKey">;
}

/** The lines that a run prints once it serves: addresses, and commands to paste. */
export function readyText({ stack, data, root, resources, seconds, auth, endpoints }: Ready): string {
  const { api, aws } = endpoints;
  const here = (path: string): string => relative(process.cwd(), path) || ".";
  const curl = `curl -i${credentials(auth, endpoints)}`;
  return [
    `Ready in ${seconds.toFixed(1)} s: stack ${stack}, ${resources} resources.`,
    "",
    `  API   ${api}`,
    `  AWS   ${aws}   (source ${here(join(data, "env"))}: then the AWS CLI and SDKs talk to it)`,
    `  data  ${here(data)}`,
    `  logs  ${here(join(data, "logs"))}`,
    "",
    "Send a photo, then ask for it:",
    "",
    `  ${curl} -X PUT -H "Content-Type: image/jpeg" --data-binary @${here(join(root, "test/photos/p12.jpg"))} ${api}/raw/photo.jpg`,
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

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Endpoints } from "./localService";

/** The endpoints that the service in a data folder wrote down. @throws Error where none was started there */
export function localEndpoints(data: string): Endpoints {
  const file = join(data, "endpoints.json");
  if (!existsSync(file))
    throw new Error(
      `no local run in ${data}: start one with \`npm start\`, name its folder with --data, or a stack on AWS with --stack`,
    );
  return JSON.parse(readFileSync(file, "utf8")) as Endpoints;
}

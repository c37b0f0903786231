import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WrongCall } from "../support/wrongCall";

/** Prices of one region in USD, each for one unit of its name. */
export interface Prices {
  region: string;
  /** When they were noted, ISO 8601. */
  date: string;
  prices: Record<PriceName, number>;
}
export type PriceName =
  | "apiRequest"
  | "lambdaRequest"
  | "lambdaGbSecondArm64"
  | "lambdaGbSecondX86"
  | "s3Put"
  | "s3Get"
  | "s3GbMonth"
  | "dynamodbWrite"
  | "dynamodbRead"
  | "dynamodbGbMonth"
  | "dynamodbBackupGbMonth"
  | "sqsRequest"
  | "event"
  | "logGb"
  | "logGbMonth"
  | "metricMonth"
  | "alarmMonth"
  | "compositeAlarmMonth"
  | "dashboardMonth"
  | "trace"
  | "transferGb"
  | "cloudfrontGb"
  | "cloudfrontRequest"
  | "invalidationPath"
  | "endpointZoneHour";

const folder = join(__dirname, "prices");

/**
 * The prices of a region.
 * @throws WrongCall for one that has no price table here
 * @example
 * const { prices } = pricesOf("us-east-1");
 */
export function pricesOf(region: string): Prices {
  const regions = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
  if (regions.includes(region)) return JSON.parse(readFileSync(join(folder, `${region}.json`), "utf8")) as Prices;
  const add = `add tools/commands/cost/prices/${region}.json`;
  throw new WrongCall(`no prices of region ${region}: use --region ${regions.join(" or ")}, or ${add}`);
}

import type { Place } from "../place";

export const tableArn = (table: string, place: Place): string =>
  `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${table}`;

import type { Place } from "../place";

export const queueArn = ({ partition, region, accountId }: Place, name: string): string =>
  `arn:${partition}:sqs:${region}:${accountId}:${name}`;

export const queueUrl = ({ awsUrl, accountId }: Place, name: string): string => `${awsUrl}/${accountId}/${name}`;

import { createHash } from "node:crypto";
import type { Place } from "../place";

/** No clock is read, so that the same program always has the same state. */
export const createdDate = "2020-01-01T00:00:00.000+0000";

export const lambdaArn = ({ partition, region, accountId }: Place, rest: string): string =>
  `arn:${partition}:lambda:${region}:${accountId}:${rest}`;

/** A function may be named by its name or its ARN. */
export const functionArn = (place: Place, nameOrArn: string): string =>
  nameOrArn.startsWith("arn:") ? nameOrArn : lambdaArn(place, `function:${nameOrArn}`);

/** The URI by which API Gateway calls a function. */
export const invokeArn = ({ partition, region }: Place, arn: string): string =>
  `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;

export const responseStreamingInvokeArn = ({ partition, region }: Place, arn: string): string =>
  `arn:${partition}:apigateway:${region}:lambda:path/2021-11-15/functions/${arn}/response-streaming-invocations`;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Stands for the digest of packed code, which nothing here packs. */
export const codeDigest = (arn: string): string => digest(arn).toString("base64");

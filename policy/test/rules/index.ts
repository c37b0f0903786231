import type { Fixture } from "../fixture";
import { apigateway } from "./apigateway";
import { cloudfront } from "./cloudfront";
import { data } from "./data";
import { graph } from "./graph";
import { iam } from "./iam";
import { house } from "./house";
import { lambdaFunctions, types } from "./lambda";
import { originals } from "./originals";
import { s3 } from "./s3";
import { sqs } from "./sqs";

/** The fixtures of every rule, by the rule's name. */
export const fixtures: Readonly<Record<string, Fixture>> = {
  ...s3,
  ...sqs,
  ...lambdaFunctions,
  ...data,
  ...apigateway,
  ...iam,
  ...cloudfront,
  ...graph,
  ...house,
  ...originals,
  ...types,
};

import { apigatewayResourceTypes } from "./apigateway/resources";
import type { Cloud } from "./cloud";
import { cloudfrontResourceTypes } from "./cloudfront/resources";
import { cloudwatchResourceTypes } from "./cloudwatch/resources";
import { dynamodbResourceTypes } from "./dynamodb/resources";
import { ec2ResourceTypes } from "./ec2/resources";
import { eventsResourceTypes } from "./events/resources";
import { iamResourceTypes } from "./iam/resources";
import { lambdaResourceTypes } from "./lambda/resources";
import { logsResourceTypes } from "./logs/resources";
import type { ResourceType } from "./resourceType";
import { s3ResourceTypes } from "./s3/resources";
import { snsResourceTypes } from "./sns/resources";
import { sqsResourceTypes } from "./sqs/resources";

/** All supported resource types by their type token. */
export const resourceTypes: Record<string, ResourceType<Cloud>> = {
  ...apigatewayResourceTypes,
  ...cloudfrontResourceTypes,
  ...cloudwatchResourceTypes,
  ...dynamodbResourceTypes,
  ...ec2ResourceTypes,
  ...eventsResourceTypes,
  ...iamResourceTypes,
  ...lambdaResourceTypes,
  ...logsResourceTypes,
  ...s3ResourceTypes,
  ...snsResourceTypes,
  ...sqsResourceTypes,
};

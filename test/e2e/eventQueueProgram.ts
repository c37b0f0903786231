import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { eventBusName } from "../../index";

export * from "../../index";

// A queue that hears of every image; docs/events.md shows it from here on.
const heard = new aws.sqs.Queue("heard", { sqsManagedSseEnabled: true });
const rule = new aws.cloudwatch.EventRule("heard", {
  eventBusName,
  eventPattern: JSON.stringify({ source: ["snail-images"], "detail-type": ["uploaded", "ready", "deleted"] }),
});
const policy = new aws.sqs.QueuePolicy("heard", {
  queueUrl: heard.url,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: heard.arn,
        Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
      },
    ],
  }),
});
new aws.cloudwatch.EventTarget("heard", { eventBusName, rule: rule.name, arn: heard.arn }, { dependsOn: policy });
export const heardUrl = heard.url;

import { FUNCTION, LOG_GROUP } from "../../model/awsTypes";
import { readNumber, readText } from "../../model/read";
import { NotKnown, UNKNOWN } from "../../model/resource";
import { inputRule, isSet } from "../inputRule";
import { rule } from "../rule";

export const perFunction = rule({
  name: "logs-group-per-function",
  group: "Logs",
  ids: ["CKV_AWS_66", "CFN-W86"],
  level: "mandatory",
  title: "Every function writes to a log group of the stack, which has a retention",
  reason: "Lambda makes a missing group itself, keeps it for ever, and leaves it behind.",
  remedy: "Declare an aws.cloudwatch.LogGroup with retentionInDays, and name it in loggingConfig.logGroup.",
  types: [FUNCTION],
  reads: "graph",
  *check(lambda, graph) {
    const property = "loggingConfig.logGroup";
    const named = graph.target(lambda, property, LOG_GROUP);
    const { name } = lambda.outputs;
    const group = named ?? graph.named(`/aws/lambda/${String(name)}`, LOG_GROUP);
    if (!group && name === UNKNOWN) throw new NotKnown(lambda, "name");
    if (!group) yield { property, value: readText(lambda, property), allowed: "a log group of this stack" };
    else if ((readNumber(group, "retentionInDays") ?? 0) <= 0)
      yield { property: "retentionInDays", allowed: "a number of days", on: group };
  },
});

export const retention = rule({
  name: "logs-retention",
  group: "Logs",
  ids: ["CKV_AWS_66", "CFN-W86"],
  level: "mandatory",
  title: "Every log group has a retention",
  reason: "Logs are kept, and paid for, for ever.",
  remedy: "Set retentionInDays.",
  types: [LOG_GROUP],
  reads: "resource",
  settings: { leastDays: { type: "integer", default: 1, minimum: 1, description: "Least retentionInDays" } },
  *check(group, _, { leastDays }) {
    const property = "retentionInDays";
    const value = readNumber(group, property);
    if (value === undefined || value < leastDays) yield { property, value, allowed: `${leastDays} or more` };
  },
});

export const customerKey = inputRule({
  name: "logs-customer-key",
  group: "Logs",
  ids: ["CKV_AWS_158", "CFN-W84"],
  level: "advisory",
  title: "Every log group is encrypted with a KMS key of the customer",
  reason: "Only the policy and the log of an own key show and limit who can read logs.",
  remedy: "Set kmsKeyId, where the key is worth its price.",
  type: LOG_GROUP,
  property: "kmsKeyId",
  allowed: "a KMS key",
  accept: isSet,
});

export const aYear = rule({
  name: "logs-a-year",
  group: "Logs",
  ids: ["CKV_AWS_338"],
  level: "advisory",
  title: "Logs are kept for a year",
  reason: "Incidents are often found months later.",
  remedy: "Set retentionInDays to 365, where the logs are worth it.",
  types: [LOG_GROUP],
  reads: "resource",
  settings: { advisedDays: { type: "integer", default: 365, minimum: 1, description: "Advised retentionInDays" } },
  *check(group, _, { advisedDays }) {
    const property = "retentionInDays";
    const value = readNumber(group, property);
    // Without a value, or with 0, logs never expire.
    if (value !== undefined && value > 0 && value < advisedDays)
      yield { property, value, allowed: `${advisedDays} or more` };
  },
});

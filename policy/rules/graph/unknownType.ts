import { rule, type Rule } from "../rule";

/** Types that rules look at, besides those that they check, or that hold neither data nor rights. */
const reviewed = [
  /^aws:(acm|apigateway|apigatewayv2|appautoscaling|autoscaling|backup|cloudfront|cloudwatch|dynamodb|kms|lambda)\//,
  /^aws:(lb|resourcegroups|route53|servicediscovery|sns|sqs|wafv2|xray)\//,
  /^aws:iam\/(?!accessKey|userLoginProfile|sshKey|serviceSpecificCredential)/,
  /^aws:s3\/(?!directoryBucket|vectors|files|accessPoint)/,
  /^aws:ec2\/(?!instance|spot|fleet|launch|volume|ebs|keyPair|ami)/,
];

/** The rule that names resources about which no other rule has anything to say. */
export const unknownType = (others: readonly Rule[]): Rule => {
  const checked = new Set(others.flatMap(({ types }) => types));
  return rule({
    name: "unknown-type",
    group: "Graph",
    ids: [],
    level: "advisory",
    title: "Every resource that can hold data or rights is of a type that this pack knows",
    reason: "No rule looks at it: a clean preview says nothing about it.",
    remedy: "Review it by hand, or write a rule for its type.",
    types: ["*"],
    reads: "resource",
    *check({ type }) {
      const isOfAws = /^(aws|aws-native|awscc):/.test(type);
      if (isOfAws && !checked.has(type) && !reviewed.some((pattern) => pattern.test(type)))
        yield { property: "type", value: type, allowed: "a type that a rule knows" };
    },
  });
};

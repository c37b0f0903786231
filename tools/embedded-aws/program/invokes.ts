import type { Inputs } from "../resourceType";
import type { Place } from "../place";

/** The answer of each data source: every output that the provider has for it. */
const answers: Record<string, (place: Place) => Inputs> = {
  "aws:index/getCallerIdentity:getCallerIdentity": ({ accountId, partition }) => ({
    id: accountId,
    accountId,
    arn: `arn:${partition}:iam::${accountId}:user/local`,
    userId: "AIDALOCAL",
  }),
  "aws:index/getRegion:getRegion": ({ region }) => ({
    id: region,
    region,
    name: region,
    endpoint: `ec2.${region}.amazonaws.com`,
    description: region,
  }),
  "aws:index/getPartition:getPartition": ({ partition }) => ({
    id: partition,
    partition,
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
};

/**
 * Answers a program's question to the AWS provider.
 *
 * @throws Error that names the data source, where it is not one of those known here
 */
export function answerInvoke(token: string, _args: Inputs, place: Place): Inputs {
  const answer = answers[token];
  if (!answer) {
    const known = Object.keys(answers).map((name) => name.split(":").at(-1));
    throw new Error(`the data source ${token} is not supported; supported are ${known.join(", ")}`);
  }
  return answer(place);
}

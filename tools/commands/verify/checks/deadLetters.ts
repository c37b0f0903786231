import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";

import type { Target } from "../../support/target";
import type { Check } from "../check";

/** No message was given up, neither by these checks nor before them. */
export const deadLetters: Check = {
  title: "No dead letters",
  rights: (target) => [
    {
      actions: ["sqs:GetQueueAttributes"],
      on: Object.values(queuesOf(target)).map(
        (url) => `arn:${target.partition}:sqs:${target.region}:${target.accountId}:${url.split("/").at(-1)}`,
      ),
    },
  ],
  async run({ see, target }) {
    const counted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    for (const [name, url] of Object.entries(queuesOf(target))) {
      const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...counted] });
      const { Attributes = {} } = await target.sqs.send(command);
      const messages = counted.reduce((sum, attribute) => sum + Number(Attributes[attribute] ?? 0), 0);
      see({ asked: `messages in the dead-letter queue of ${name}`, expected: "0", seen: String(messages) });
    }
  },
};

/** URLs by the queue that each belongs to, or by the bus. */
const queuesOf = ({ deadLetterQueueUrls, eventDeadLetterQueueUrl }: Target): Record<string, string> => ({
  ...deadLetterQueueUrls,
  ImageEvents: eventDeadLetterQueueUrl,
});

import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";

import type { Check } from "../check";

/** No message was given up, neither by these checks nor before them. */
export const deadLetters: Check = {
  title: "No dead letters",
  rights: ({ deadLetterQueueUrls, partition, region, accountId }) => [
    {
      actions: ["sqs:GetQueueAttributes"],
      on: Object.values(deadLetterQueueUrls).map(
        (url) => `arn:${partition}:sqs:${region}:${accountId}:${url.split("/").at(-1)}`,
      ),
    },
  ],
  async run({ see, target }) {
    const counted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    for (const [name, url] of Object.entries(target.deadLetterQueueUrls)) {
      const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...counted] });
      const { Attributes = {} } = await target.sqs.send(command);
      const messages = counted.reduce((sum, attribute) => sum + Number(Attributes[attribute] ?? 0), 0);
      see({ asked: `messages in the dead-letter queue of ${name}`, expected: "0", seen: String(messages) });
    }
  },
};

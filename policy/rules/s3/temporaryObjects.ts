import { BUCKET } from "../../model/awsTypes";
import { deadLetterQueueOf, notifiedQueues, retentionSeconds } from "../../model/queues";
import { readNumber } from "../../model/read";
import { rule } from "../rule";
import { lifecycleRules } from "./lifecycle";

const DAY = 24 * 60 * 60;
const expiries = ["expiration.days", "noncurrentVersionExpiration.noncurrentDays"];

export const outlivesDeadLetters = rule({
  name: "s3-outlives-dead-letters",
  group: "S3",
  ids: [],
  level: "mandatory",
  title: "An object outlives the dead letter about it",
  reason: "A dead letter that is sent on its way again would find nothing.",
  remedy: "Let objects expire later than messages of the dead-letter queue behind the bucket's notification.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    const retentions = notifiedQueues(graph, bucket)
      .map((queue) => deadLetterQueueOf(graph, queue))
      .map((deadLetters) => (deadLetters ? retentionSeconds(deadLetters) : 0));
    const needed = Math.ceil(Math.max(0, ...retentions) / DAY);
    for (const lifecycle of lifecycleRules(graph, bucket))
      for (const property of expiries) {
        const value = readNumber(lifecycle, property);
        if (value !== undefined && value < needed)
          yield { property, value, allowed: `${needed} days or more`, on: lifecycle };
      }
  },
});

import { CreateInvalidationCommand, type CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { randomUUID } from "node:crypto";
import type { EdgeCaches } from "../ports";
import { deliveryPath } from "./deliveryUrls";

/**
 * The edge caches of a CloudFront distribution. Needs `cloudfront:CreateInvalidation`. Each object is a path that is paid
 * for, and CloudFront has 3,000 of them in progress at most; what comes while a request is under way goes together in the
 * next one.
 */
export function createEdgeCaches(cloudfront: Pick<CloudFrontClient, "send">, distributionId: string): EdgeCaches {
  const send = async (imageIds: Set<string>): Promise<void> => {
    const Items = [...imageIds].map(deliveryPath);
    const Paths = { Quantity: Items.length, Items };
    const InvalidationBatch = { Paths, CallerReference: randomUUID() };
    await cloudfront.send(new CreateInvalidationCommand({ DistributionId: distributionId, InvalidationBatch }));
  };
  let last: Promise<unknown> = Promise.resolve();
  let next: { imageIds: Set<string>; sent: Promise<void> } | undefined;
  return {
    async forget(imageIds) {
      if (imageIds.length === 0) return;
      if (next === undefined) {
        const collected = new Set<string>();
        const sent = last
          .catch(() => undefined)
          .then(() => {
            next = undefined;
            return send(collected);
          });
        last = sent;
        next = { imageIds: collected, sent };
      }
      for (const imageId of imageIds) next.imageIds.add(imageId);
      await next.sent;
    },
  };
}

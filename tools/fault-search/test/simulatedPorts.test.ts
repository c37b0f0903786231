import { EdgeCaches } from "../world/stores/edgeCaches";
import { ImagesBucket } from "../world/stores/imagesBucket";
import { MetadataTable } from "../world/stores/metadataTable";
import { simulatedPorts } from "../world/simulatedPorts";
import { Queues } from "../world/stores/queues";
import { TempBucket } from "../world/stores/tempBucket";
import { describePorts } from "./portConformance";

describePorts("the simulation", async () => {
  const temp = new TempBucket();
  const images = new ImagesBucket();
  const stores = { temp, images, edgeCaches: new EdgeCaches(images), metadata: new MetadataTable() };
  const queues = new Queues();
  const ports = simulatedPorts(
    stores,
    async (_name, _about, effect) => effect(),
    (queue, body) => queues.send(queue, body),
  );
  const queueNames = {
    putQueue: "PutResolutionBasedImageQueue",
    deleteQueue: "DeleteResolutionBasedImageQueue",
  } as const;
  return {
    ports,
    upload: async (key, body, userMetadata) => temp.put(key, body, userMetadata),
    sent: async (queue) => {
      const waiting = queues.visible.filter((message) => message.queue === queueNames[queue]);
      for (const message of waiting) queues.finish(message);
      return waiting.map(({ body }) => JSON.parse(body) as unknown);
    },
    close: async () => undefined,
  };
});

import { ImagesBucket } from "../../faults/simulation/imagesBucket";
import { MetadataTable } from "../../faults/simulation/metadataTable";
import { simulatedPorts } from "../../faults/simulation/ports";
import { Queues } from "../../faults/simulation/queues";
import { TempBucket } from "../../faults/simulation/tempBucket";
import { describePorts } from "./portConformance";

describePorts("the simulation", async () => {
  const temp = new TempBucket();
  const stores = { temp, images: new ImagesBucket(), metadata: new MetadataTable() };
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
    upload: async (key, body) => temp.put(key, body),
    sent: async (queue) =>
      queues.visible
        .filter((message) => message.queue === queueNames[queue])
        .map(({ body }) => JSON.parse(body) as unknown),
    close: async () => undefined,
  };
});

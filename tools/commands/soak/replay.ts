import { SendMessageCommand } from "@aws-sdk/client-sqs";

import { manifestsOf, uploadTag } from "../../../handlers/protocol/generation";
import { tempKey } from "../../../handlers/protocol/objectName";
import type { AtRest, Operation } from "../../fault-search";
import type { Warehouse } from "./warehouse";

/** Sends, once more, every message that the service was ever sent for what it has stored, and for what clients uploaded. */
export async function replayMessages(warehouse: Warehouse, stored: AtRest, history: Operation[]): Promise<number> {
  const url = (name: string): string => warehouse.queues.find((queue) => queue.name === name)?.url ?? "";
  const messages: [queue: string, body: unknown][] = [];
  for (const { name, upload: { versionId } = {} } of history) {
    if (versionId !== undefined) messages.push(["PutRawImageQueue", uploadEvent(stored, name, versionId)]);
  }
  const uploadedAt = new Date().toISOString();
  for (const record of stored.records) {
    const { original } = record;
    for (const manifest of manifestsOf(record, record.live)) {
      messages.push(["PutResolutionBasedImageQueue", { original, manifest, uploadedAt }]);
      messages.push(["DeleteResolutionBasedImageQueue", { original, manifest }]);
    }
  }
  for (const [queue, body] of messages) {
    await warehouse.sqs.send(new SendMessageCommand({ QueueUrl: url(queue), MessageBody: JSON.stringify(body) }));
  }
  return messages.length;
}

/** As S3 sent it. Of an upload that is not the newest the sequencer is not known any more: it was an older one. */
function uploadEvent(stored: AtRest, name: string, versionId: string): unknown {
  const record = stored.records.find(({ original }) => original === name);
  const isNewest = record?.generation?.startsWith(uploadTag(versionId)) ?? false;
  const object = {
    key: encodeURIComponent(tempKey(name)),
    versionId,
    sequencer: isNewest ? record?.sequencer : "00",
  };
  return {
    Records: [{ eventName: "ObjectCreated:Put", eventTime: new Date().toISOString(), s3: { object } }],
  };
}

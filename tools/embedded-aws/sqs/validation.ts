import { notImplemented } from "../http/awsError";
import { invalidParameter, sqsError } from "./errors";
import { attributeBytes, checkMessageAttributes, invalidCharacters, type MessageAttributes } from "./messageAttributes";
import { allowsSource, type QueueAttributes, type QueueSettings, settingsOf } from "./queueAttributes";
import type { QueueStore } from "./queueStore";

/** Checks the name of a new queue. FIFO queues, which say so by an attribute and by their name, are not implemented. */
export function checkName(name: string, fifo: boolean): void {
  if (fifo && name.endsWith(".fifo")) throw notImplemented(`FIFO queues (${name})`);
  if (fifo) {
    throw invalidParameter(
      "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.",
    );
  }
  if (/^[A-Za-z0-9_-]{1,80}$/.test(name)) return;
  throw invalidParameter(
    `The queue name ${JSON.stringify(name)} is invalid: it can only include alphanumeric characters, hyphens, or underscores, 1 to 80 in length.`,
  );
}

/** Checks a message group: printable ASCII characters without the blank. */
export function checkGroup(group: string): void {
  if (/^[!-~]{1,128}$/.test(group)) return;
  throw invalidParameter(
    `Value ${group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

/** Checks the body and attributes of a message that is sent, and their size. */
export function checkMessage({ maximumBytes }: QueueSettings, body: string, attributes: MessageAttributes): void {
  if (body === "") {
    throw sqsError("MissingRequiredParameterException", "The request must contain the parameter MessageBody.");
  }
  if (invalidCharacters.test(body)) {
    throw sqsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  }
  checkMessageAttributes(attributes);
  if (Buffer.byteLength(body) + attributeBytes(attributes) > maximumBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumBytes} bytes.`,
    );
  }
}

/** Checks that the dead-letter queue that the attributes name exists and admits this source. */
export function checkRedrive(queues: QueueStore, arn: string, attributes: QueueAttributes): void {
  const { redrive } = settingsOf(attributes); // Throws for documents that are not well-formed.
  if (redrive === undefined) return;
  const wrong = (reason: string): Error =>
    invalidParameter(
      `Value ${attributes.RedrivePolicy ?? ""} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  // AWS lets a queue be its own target (recorded: test_set_empty_redrive_policy).
  if (redrive.deadLetterTargetArn === arn) return;
  const target = queues.find(redrive.deadLetterTargetArn);
  if (target === undefined) throw wrong("Dead letter target does not exist.");
  if (!allowsSource(target.settings.redriveAllow, arn)) {
    throw wrong(`Dead letter target ${target.arn} does not permit ${arn} as a source queue.`);
  }
}

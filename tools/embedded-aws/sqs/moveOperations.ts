import { authorize, type Operation, type Sqs } from "./operation";
import { invalidParameter, sqsError } from "./errors";
import { optionalNumber, optionalText, requiredText } from "./input";
import type { MoveTask } from "./moveTasks";
import type { Queue } from "./queueStore";

const startMessageMoveTask: Operation = (sqs, call) => {
  const source = sourceOf(sqs, requiredText(call.input, "SourceArn"));
  for (const action of ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]) {
    authorize(sqs, call, action, source);
  }
  const origins = sqs.engine.queues.sourcesOf(source.arn);
  if (origins.length === 0) throw invalidParameter("Source queue must be configured as a Dead Letter Queue.");
  const destinationArn = optionalText(call.input, "DestinationArn");
  const destination = destinationArn === undefined ? undefined : sqs.engine.queues.find(destinationArn);
  if (destinationArn !== undefined && destination === undefined) {
    throw sqsError(
      "ResourceNotFoundException",
      "The resource that you specified for the DestinationArn parameter doesn't exist.",
    );
  }
  for (const queue of destination === undefined ? origins : [destination]) {
    authorize(sqs, call, "SendMessage", queue);
  }
  const maxPerSecond = optionalNumber(call.input, "MaxNumberOfMessagesPerSecond", 1, 500);
  return { TaskHandle: handleOf(sqs.tasks.start(source, destinationArn, maxPerSecond)) };
};

const listMessageMoveTasks: Operation = (sqs, call) => {
  const source = sourceOf(sqs, requiredText(call.input, "SourceArn"));
  authorize(sqs, call, "ListMessageMoveTasks", source);
  const tasks = sqs.tasks.list(source.arn).slice(0, optionalNumber(call.input, "MaxResults", 1, 10) ?? 1);
  return {
    Results: tasks.map((task) => ({
      ...(task.status === "RUNNING" ? { TaskHandle: handleOf(task) } : {}),
      Status: task.status,
      SourceArn: task.sourceArn,
      DestinationArn: task.destinationArn,
      MaxNumberOfMessagesPerSecond: task.maxPerSecond,
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.toMove,
      FailureReason: task.failureReason,
      StartedTimestamp: task.startedAt,
    })),
  };
};

const cancelMessageMoveTask: Operation = (sqs, call) => {
  const handle = requiredText(call.input, "TaskHandle");
  const { taskId, sourceArn } = parseHandle(handle);
  authorize(sqs, call, "CancelMessageMoveTask", sourceOf(sqs, sourceArn));
  const task = sqs.tasks.find(taskId);
  if (task?.sourceArn !== sourceArn) throw sqsError("ResourceNotFoundException", "Task does not exist.");
  if (task.status !== "RUNNING") {
    throw sqsError("ResourceNotFoundException", "Only active tasks can be cancelled.");
  }
  sqs.tasks.cancel(task);
  return { ApproximateNumberOfMessagesMoved: task.moved };
};

function sourceOf(sqs: Sqs, arn: string): Queue {
  const queue = sqs.engine.queues.find(arn);
  if (queue !== undefined) return queue;
  throw sqsError(
    "ResourceNotFoundException",
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  );
}

const handleOf = ({ id, sourceArn }: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString("base64");

function parseHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    return JSON.parse(Buffer.from(handle, "base64").toString("utf8")) as { taskId: string; sourceArn: string };
  } catch {
    throw invalidParameter("Value for parameter TaskHandle is invalid.");
  }
}

export const moveOperations: Record<string, Operation> = {
  StartMessageMoveTask: startMessageMoveTask,
  ListMessageMoveTasks: listMessageMoveTasks,
  CancelMessageMoveTask: cancelMessageMoveTask,
};

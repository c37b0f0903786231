import type { Task } from "../../world/actors";

/** Runs are left alone; of several messages the newest is delivered first. */
export function newestFirst(tasks: Task[]): number {
  const delivery = tasks.findLastIndex((task) => task.kind === "delivery");
  return tasks[0]?.kind === "call" ? 0 : delivery;
}

/** Runs are left alone; a message that was never delivered comes before clients, and these before redeliveries. */
export function freshMessagesFirst(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind === "delivery") return task.message.receives === 0 ? 1 : 3;
    if (task.kind === "changes") return 1;
    return task.call.actor.functionName === "client" ? 2 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** A run reads the record and the upload, then the record expires, then clients go on, and then the run. */
export function expiryAfterReading(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, ordinal, name } = task.call;
    if (name === "PUT") return 1;
    if (actor.functionName === "timeToLive") return 2;
    if (actor.functionName === "RawImagePutProcess") return ordinal <= 2 ? 0 : 4;
    return 3;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** A DELETE lists the uploads first, and does all else last. */
export function deleteLastButItsList(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, name } = task.call;
    if (actor.functionName === "RawImageDeleteProcess") return name === "temp.versions" ? 0 : 3;
    return actor.functionName === "client" ? (name === "DELETE" ? 0 : 2) : 1;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** Clients come first, and a DELETE decides after all messages. */
export function decisionOfDeleteLast(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, name } = task.call;
    if (actor.functionName === "RawImageDeleteProcess") return name === "metadata.updateRaw" ? 2 : 0;
    return actor.functionName === "client" ? 0 : 1;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** Runs and messages come before clients, and renditions are stored last. */
export function renditionsLast(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, name } = task.call;
    if (actor.functionName === "ResolutionBasedImagePutProcess" && name === "images.create") return 3;
    return actor.functionName === "client" ? 2 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** A run whose message was delivered again goes on after the other one, and after clients. */
export function slowerRunLast(tasks: Task[]): number {
  const slower = slowerRun(tasks);
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { functionName, id } = task.call.actor;
    if (functionName === "client") return 2;
    return id === slower ? 3 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** The older one of two runs that work on one message. */
function slowerRun(tasks: Task[]): number {
  const runs = tasks.flatMap((task) => (task.kind === "call" && task.call.actor.expired ? [task.call.actor.id] : []));
  return Math.min(...runs);
}

/**
 * A run whose message was delivered again stores the original after a DELETE has cleared away what the other one recorded,
 * and before either of the two removes the upload.
 */
export function slowerCopyAfterClearing(tasks: Task[]): number {
  const slower = slowerRun(tasks);
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, name } = task.call;
    if (actor.id === slower) return name === "images.copy" ? 3 : 0;
    if (name === "temp.delete") return 4;
    return actor.functionName === "client" || actor.functionName === "RawImageDeleteProcess" ? 2 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** Runs and messages come before clients, and attempts that were given up come last. */
export function lateAttemptsLast(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    if (task.call.again) return 3;
    return task.call.actor.functionName === "client" ? 2 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

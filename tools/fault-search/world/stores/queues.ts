/** Each queue, the function that it invokes, that function's exported handler, and whether it stores objects. */
export const consumers = {
  PutRawImageQueue: { functionName: "RawImagePutProcess", handler: "rawImagePutProcess", storesObjects: true },
  PutResolutionBasedImageQueue: {
    functionName: "ResolutionBasedImagePutProcess",
    handler: "resolutionBasedImagePutProcess",
    storesObjects: true,
  },
  DeleteResolutionBasedImageQueue: {
    functionName: "ResolutionBasedImageDeleteProcess",
    handler: "resolutionBasedImageDeleteProcess",
    storesObjects: false,
  },
} as const;
export type QueueName = keyof typeof consumers;

/** After this many receives a message that fails moves to the dead-letter queue. */
export const MAX_RECEIVES = 5;

/** A copy of a message: the queue delivers at least once, so there may be several of one content. */
export interface Message {
  id: number;
  queue: QueueName;
  body: string;
  receives: number;
  state: "visible" | "inFlight" | "finished" | "dead";
  /** No function can finish it: it belongs into the dead-letter queue. */
  poison: boolean;
  /** The run to which it was delivered last; only that run's failure makes it visible again. */
  holder?: number;
}

/** All queues with their dead-letter queues. Any visible message may be delivered next. */
export class Queues {
  readonly all: Message[] = [];
  visible: Message[] = [];
  /** Whether dead letters expired: what only they could mend stays as it is. */
  lostLetters = false;

  send(queue: QueueName, body: string, poison = false): Message {
    const message: Message = { id: this.all.length + 1, queue, body, receives: 0, state: "visible", poison };
    this.all.push(message);
    this.visible.push(message);
    return message;
  }

  receive(message: Message, holder: number): void {
    this.visible = this.visible.filter((other) => other !== message);
    message.receives += 1;
    message.holder = holder;
    message.state = "inFlight";
  }

  finish(message: Message): void {
    this.visible = this.visible.filter((other) => other !== message);
    message.state = "finished";
  }

  /** The message's visibility timeout ended: it is delivered again, or goes to the dead-letter queue. */
  release(message: Message, holder: number): void {
    if (message.state !== "inFlight" || message.holder !== holder) return; // another delivery finished it, or has it
    message.state = message.receives >= MAX_RECEIVES ? "dead" : "visible";
    if (message.state === "visible") this.visible.push(message);
  }

  message(id: number): Message {
    const message = this.all[id - 1];
    if (!message) throw new RangeError(`no message ${id}`);
    return message;
  }

  /** Stores a copy of a failed message in its queue's dead-letter queue. */
  bury({ queue, poison }: Message, body: string): void {
    this.all.push({ queue, body, poison, id: this.all.length + 1, receives: 0, state: "dead" });
  }

  expireDeadLetters(): void {
    this.lostLetters = true;
    for (const message of this.all) if (message.state === "dead" && !message.poison) message.state = "finished";
  }

  /** Moves dead letters back, as new messages. Poison stays. */
  redrive(): Message[] {
    const dead = this.all.filter(({ state, poison }) => state === "dead" && !poison);
    for (const message of dead) {
      message.state = "finished";
      this.send(message.queue, message.body);
    }
    return dead;
  }
}

import type { Actor } from "../world/actors";
import { MAX_RECEIVES, type Message } from "../world/stores/queues";
import { Violation } from "./invariants";

/** The outcome of one message in one run. */
interface Fate {
  work: "waiting" | "under way" | "done" | "failed";
  /** `stored`: the run knows that the dead letter is stored. */
  burial: "none" | "tried" | "stored";
  /** The run asked for an early next delivery. */
  hurried: boolean;
  /** How often the message was received when the run got it. */
  receives: number;
}

/** I8 and I9 of the driver that runs a function once per message: `handlers/entries/perMessage.ts`. */
export class DeliveryOracle {
  private readonly runs = new Map<Actor, Map<Message, Fate>>();

  starts(actor: Actor, messages: Message[]): void {
    this.runs.set(
      actor,
      new Map(
        messages.map((message) => [
          message,
          { work: "waiting", burial: "none", hurried: false, receives: message.receives },
        ]),
      ),
    );
  }

  begins(actor: Actor, message: Message, atOnce: number, receiveCount: number): void {
    const { receives } = this.fate(actor, message);
    if (receiveCount !== receives) {
      throw new Violation(
        "I8",
        `${actor.label}: message ${message.id} counts ${receiveCount} receives, not ${receives}`,
      );
    }
    this.fate(actor, message).work = "under way";
    const fates = [...(this.runs.get(actor)?.values() ?? [])];
    const busy = fates.filter(({ work }) => work === "under way").length;
    if (busy > atOnce) throw new Violation("I9", `${actor.label} works on ${busy} messages at once, not ${atOnce}`);
  }

  ends(actor: Actor, message: Message, work: "done" | "failed"): void {
    this.fate(actor, message).work = work;
  }

  /** The run is about to store a dead letter. Poison may become one at once. */
  buries(actor: Actor, message: Message): void {
    const fate = this.fate(actor, message);
    const subject = `${actor.label}: message ${message.id}`;
    if (message.receives < MAX_RECEIVES && !message.poison) {
      throw new Violation(
        "I8",
        `${subject} becomes a dead letter after ${message.receives} of ${MAX_RECEIVES} receives`,
      );
    }
    if (fate.work === "done") throw new Violation("I8", `${subject} becomes a dead letter, and did not fail`);
    if (fate.burial === "stored") throw new Violation("I8", `${subject} becomes a dead letter twice`);
    fate.burial = "tried";
  }

  hurries(actor: Actor, message: Message): void {
    this.fate(actor, message).hurried = true;
  }

  buried(actor: Actor, message: Message): void {
    this.fate(actor, message).burial = "stored";
  }

  /** The run answered, and reports some of its messages as failed. */
  reports(actor: Actor, isReported: (message: Message) => boolean): void {
    for (const [message, { work, burial, hurried, receives }] of this.runs.get(actor) ?? []) {
      const subject = `${actor.label}: message ${message.id}`;
      if (!isReported(message)) {
        if (work !== "done" && burial !== "stored") throw new Violation("I8", `${subject} is finished, and failed`);
        continue;
      }
      if (work === "done") throw new Violation("I8", `${subject} is reported as failed, and did not fail`);
      if (burial === "stored") throw new Violation("I8", `${subject} is a dead letter, and reported as failed too`);
      if (burial === "none" && message.poison) throw new Violation("I8", `${subject} is poison, and tried again`);
      if (burial === "none" && receives >= MAX_RECEIVES) {
        throw new Violation("I8", `${subject} becomes a dead letter without its cause`);
      }
      if (burial === "none" && !hurried) throw new Violation("I8", `${subject} waits for its visibility timeout`);
    }
    this.runs.delete(actor);
  }

  private fate(actor: Actor, message: Message): Fate {
    const fate = this.runs.get(actor)?.get(message);
    if (!fate) throw new Violation("I8", `${actor.label} does not work on message ${message.id}`);
    return fate;
  }
}

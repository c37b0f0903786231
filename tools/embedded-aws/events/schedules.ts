import { randomUUID } from "node:crypto";
import type { Announce } from "../announce";
import { errorMessage } from "../errorMessage";
import { AwsError, notImplemented } from "../http/awsError";
import type { LambdaInvoker } from "../lambda/invocation";
import type { Place } from "../place";

interface RuleDeclaration {
  name: string;
  arn: string;
  /** `rate(1 hour)` */
  scheduleExpression: string;
  enabled: boolean;
}

interface TargetDeclaration {
  rule: string;
  id: string;
  /** A function. */
  arn: string;
  /** JSON text in place of the event. */
  input?: string;
}

/** EventBridge's rules with a rate, and the functions that they invoke. */
export interface Schedules {
  declareRule(rule: RuleDeclaration): void;
  /** @throws AwsError for a rule that is not there, or a target that is not a function */
  declareTarget(target: TargetDeclaration): void;
  /** Counts each rule's time from here on, as AWS does from the moment when a rule is made. */
  start(): void;
  /**
   * Invokes a rule's functions now, whatever its time.
   * @throws AwsError for a rule that is not there
   */
  fire(rule: string): Promise<void>;
  close(): void;
}

export interface SchedulesOptions {
  lambda: LambdaInvoker;
  place: Place;
  announce: Announce;
  /** Milliseconds since 1970; a test's own clock. */
  now?: () => number;
  /** Runs `work` each `milliseconds`, until the function that it returns is called; a test's own timer. */
  every?: (milliseconds: number, work: () => void) => () => void;
}

const invalid = (message: string): AwsError => new AwsError(400, "ValidationException", message);

export function createSchedules({
  lambda,
  place,
  announce,
  now = Date.now,
  every = onTimer,
}: SchedulesOptions): Schedules {
  const rules = new Map<string, RuleDeclaration & { milliseconds: number }>();
  const targets = new Map<string, TargetDeclaration>();
  const stops: (() => void)[] = [];

  const invoke = async (rule: RuleDeclaration, { arn, input }: TargetDeclaration): Promise<void> => {
    const event = input === undefined ? scheduledEvent(rule, place, now()) : (JSON.parse(input) as unknown);
    const caller = {
      kind: "service",
      arn: "events.amazonaws.com",
      accountId: place.accountId,
      sourceArn: rule.arn,
      sourceAccount: place.accountId,
    } as const;
    try {
      const { functionError } = await lambda.invoke(arn, event, caller);
      if (functionError !== undefined)
        announce(`Rule ${rule.name}: its function failed; AWS would invoke it twice more`);
    } catch (error) {
      announce(`Rule ${rule.name}: ${errorMessage(error)}`);
    }
  };

  const targetsOf = (rule: string) => [...targets.values()].filter((target) => target.rule === rule);
  const notThere = (rule: string) =>
    new AwsError(400, "ResourceNotFoundException", `Rule ${rule} does not exist on EventBus default.`);

  return {
    declareRule(rule) {
      rules.set(rule.name, { ...rule, milliseconds: millisecondsOf(rule.scheduleExpression) });
    },
    declareTarget(target) {
      if (!rules.has(target.rule)) throw notThere(target.rule);
      if (!target.arn.includes(":lambda:"))
        throw notImplemented(`targets of rules that are not functions (${target.arn})`);
      targets.set(`${target.rule} ${target.id}`, target);
    },
    start() {
      for (const rule of rules.values()) {
        if (!rule.enabled) continue;
        const own = targetsOf(rule.name);
        stops.push(every(rule.milliseconds, () => own.forEach((target) => void invoke(rule, target))));
      }
    },
    async fire(name) {
      const rule = rules.get(name);
      if (!rule) throw notThere(name);
      await Promise.all(targetsOf(name).map((target) => invoke(rule, target)));
    },
    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
function millisecondsOf(expression: string): number {
  if (expression.startsWith("cron(")) throw notImplemented(`cron expressions (${expression})`);
  const [, value = "0", unit = "", plural = ""] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  // "For a rate expression with a value equal to 1, the unit must be singular", and plural for the others.
  const right = Number(value) > 0 && (value === "1") === (plural === "");
  if (!right) throw invalid("Parameter ScheduleExpression is not valid.");
  const minutes = { minute: 1, hour: 60, day: 24 * 60 }[unit] ?? 0;
  return Number(value) * minutes * 60_000;
}

/** The event of a rule with a schedule (eb-service-event: "Scheduled Event"). */
function scheduledEvent({ arn }: RuleDeclaration, place: Place, now: number): Record<string, unknown> {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: place.accountId,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region: place.region,
    resources: [arn],
    detail: {},
  };
}

function onTimer(milliseconds: number, work: () => void): () => void {
  // Longer times than a timer takes would run at once.
  const timer = setInterval(work, Math.min(milliseconds, 2 ** 31 - 1));
  timer.unref();
  return () => clearInterval(timer);
}

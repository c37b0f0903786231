import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AlarmsArgs {
  /** Alarms and their ends are mailed to it. Default: none, only CloudWatch shows them. */
  email?: string;
}

/**
 * The receivers of alarms: an e-mail address, or none.
 *
 * @example
 * ```ts
 * const alarms = new Alarms("alarms", { email: "ops@example.com" });
 * new QueueFunction("ResizeQueue", { alarms, ...resizing });
 * ```
 */
export class Alarms extends pulumi.ComponentResource {
  /** ARNs for `alarmActions` and `okActions`. */
  readonly actions: pulumi.Output<string>[];
  /** Names of the alarms that go there. Each adds its own when it is declared. */
  readonly names: pulumi.Output<string>[] = [];
  /** Their ARNs. */
  readonly arns: pulumi.Output<string>[] = [];

  constructor(name: string, { email }: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:Alarms", name, {}, opts);
    const child = { parent: this };

    this.actions = email === undefined ? [] : [topicWithSubscriber(name, email, child).arn];
    this.registerOutputs({ actions: this.actions });
  }
}

function topicWithSubscriber(name: string, email: string, child: pulumi.CustomResourceOptions): aws.sns.Topic {
  const topic = new aws.sns.Topic(name, {}, child);
  new aws.sns.TopicSubscription(`${name}-email`, { topic: topic.arn, protocol: "email", endpoint: email }, child);
  return topic;
}

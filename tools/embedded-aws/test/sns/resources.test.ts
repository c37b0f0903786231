import { expect } from "chai";
import { snsResourceTypes } from "../../sns/resources";
import { testPlace } from "../support/aws";
import { stateOf } from "../support/stateOf";

describe("SNS resource types", () => {
  const outputs = (type: string, name: string, inputs: Record<string, unknown>) =>
    stateOf(snsResourceTypes, type, { name, inputs, place: testPlace() });
  const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";

  it("give topics their ARN as id", () => {
    expect(outputs("aws:sns/topic:Topic", "alarms", { name: "alarms" })).to.include({
      id: topic,
      arn: topic,
      owner: "123456789012",
      fifoTopic: false,
    });
  });

  it("give subscriptions an ARN below the topic's, and leave e-mail to be confirmed", () => {
    const inputs = { topic, protocol: "email", endpoint: "someone@example.com" };
    const one = outputs("aws:sns/topicSubscription:TopicSubscription", "one", inputs);
    expect(one.id).to.match(/^arn:aws:sns:eu-central-1:123456789012:alarms:[0-9a-f-]{36}$/);
    expect(one).to.include({ arn: one.id, pendingConfirmation: true });
    expect(outputs("aws:sns/topicSubscription:TopicSubscription", "two", inputs).id).to.not.equal(one.id);
  });

  it("know topic policies by the topic", () => {
    expect(outputs("aws:sns/topicPolicy:TopicPolicy", "p", { arn: topic, policy: "{}" }).id).to.equal(topic);
  });
});

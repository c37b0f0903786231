import { expect } from "chai";

import { configuration } from "../policy/packConfiguration";
import { evaluate } from "../policy/evaluate";
import { graphOfRecorded } from "../policy/recorded";
import { rules } from "../policy/rules";
import { readSuppressions } from "../policy/readSuppressions";
import { declareStack } from "./support/stacks";

/** The program in each of its stacks, and with everything that a setting can add. */
const programs: [title: string, stack: "dev" | "prod", config?: Record<string, string>][] = [
  ["stack dev", "dev"],
  ["stack prod", "prod"],
  [
    "a stack with a network of its own, another processor, users of a pool, other origins and mailed alarms",
    "prod",
    {
      "snail-images:network": "isolated",
      "snail-images:layerArchitecture": "x86_64",
      "snail-images:apiAuth": "cognito",
      "snail-images:cognitoUserPoolArn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc",
      "snail-images:allowedOrigins": '["https://example.com"]',
      "snail-images:alarmEmail": "ops@example.com",
    },
  ],
];

describe("the policy pack", () => {
  for (const [title, name, config] of programs)
    it(`finds nothing in ${title} but what is suppressed for a reason`, async () => {
      const { stack } = await declareStack(name, config);
      const findings = await evaluate(graphOfRecorded(stack.resources), { rules, configuration: configuration(rules) });
      const suppressions = readSuppressions();
      const others = findings.filter((finding) => !suppressions.some((each) => each.covers(finding)));
      expect(others.map(({ message }) => message)).to.deep.equal([]);
    });
});

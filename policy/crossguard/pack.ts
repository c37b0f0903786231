import { PolicyPack } from "@pulumi/policy";
import { configuration } from "../packConfiguration";
import { rules } from "../rules";
import { readSuppressions } from "../readSuppressions";
import { policiesFor } from "./policies";

const suppressions = readSuppressions();

new PolicyPack(
  "snail-policy",
  {
    description: "What reviewers of an AWS program check, on every preview",
    policies: policiesFor(rules, (finding) => !suppressions.some((each) => each.covers(finding))),
  },
  configuration(rules),
);

import { PolicyPack } from "@pulumi/policy";
import { configuration } from "../packConfiguration";
import { rules } from "../rules";
import { SUPPRESSIONS } from "../suppression";
import entries from "../suppressions.json";
import { policiesFor } from "./policies";

new PolicyPack(
  "snail-policy",
  {
    description: "What reviewers of an AWS program check, on every preview",
    policies: policiesFor(rules),
  },
  { ...configuration(rules), [SUPPRESSIONS]: { enforcementLevel: "mandatory", entries } },
);

import { createHash } from "node:crypto";
import type { Log, ReportingDescriptor, Result } from "sarif";
import { rules } from "../../../policy/rules";
import type { Rule } from "../../../policy/rules/rule";
import { SUPPRESSIONS } from "../../../policy/suppression";
import type { Judged, LocatedFinding } from "./located";

/** The judgement of a stack as a SARIF 2.1.0 log, with what code-scanning views show of it. */
export function sarifOf({ stack, findings }: Judged): Log {
  const descriptors = [...rules.map(descriptorOf), suppressions];
  const index = new Map(descriptors.map(({ id }, at) => [id, at]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "snail-policy", rules: descriptors } },
        // Results of one stack never replace those of another.
        automationDetails: { id: `policy/${stack}/` },
        results: findings.map((finding) => ({ ...resultOf(finding), ruleIndex: index.get(finding.rule) ?? -1 })),
      },
    ],
  };
}

function descriptorOf({ name, title, reason, remedy, level, ids, group }: Rule): ReportingDescriptor {
  return {
    id: name,
    shortDescription: { text: title },
    fullDescription: { text: reason },
    help: { text: remedy },
    defaultConfiguration: { level: level === "mandatory" ? "error" : "warning" },
    properties: { tags: [group, ...ids] },
  };
}

const suppressions: ReportingDescriptor = {
  id: SUPPRESSIONS,
  shortDescription: { text: "Every suppression has a reason and a day, and takes a finding away" },
  fullDescription: { text: "A suppression that is not needed hides the next mistake." },
  help: { text: "Remove it, or decide again." },
  defaultConfiguration: { level: "error" },
};

function resultOf({ rule, kind, level, urn, property, message, file, line }: LocatedFinding): Result {
  const violation = level === "mandatory" ? "error" : "warning";
  return {
    ruleId: rule,
    level: kind === "not-checked" ? "note" : violation,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file), uriBaseId: "%SRCROOT%" },
          region: { startLine: line },
        },
        logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    // The same finding after lines moved.
    partialFingerprints: {
      "resourceAndProperty/v1": createHash("sha256").update([rule, urn, property].join("\n")).digest("hex"),
    },
  };
}

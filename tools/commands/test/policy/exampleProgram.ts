import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../engine/project";

export const EXAMPLE = join(ROOT, "policy", "example");

/** One mistake in the example program: text there, text instead, the rule and the beginning of its message. */
export const mistakes: [title: string, from: string, to: string, rule: string, message: string][] = [
  [
    "a switch of the access block is off",
    "blockPublicPolicy: true",
    "blockPublicPolicy: false",
    "s3-public-access-block",
    "blockPublicPolicy is false",
  ],
  [
    "a right has a wildcard",
    'Action: "s3:PutObject"',
    'Action: "s3:*"',
    "iam-no-action-wildcard",
    "policy: Action is s3:*; allowed: actions by name",
  ],
  [
    "messages come again too early",
    "visibilityTimeoutSeconds: 180",
    "visibilityTimeoutSeconds: 60",
    "sqs-visibility-timeout",
    "visibilityTimeoutSeconds is 60",
  ],
  [
    "logs are kept for less than the configuration asks",
    "retentionInDays: 30",
    "retentionInDays: 14",
    "logs-retention",
    "retentionInDays is 14; allowed: 30 or more",
  ],
];

/**
 * A copy of the example program with one text replaced, in a folder that sees this project's packages.
 * @throws Error when the program does not have the text
 */
export function exampleWith(from: string, to: string): string {
  const parent = join(ROOT, ".local");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "example-"));
  cpSync(EXAMPLE, folder, { recursive: true });
  const file = join(folder, "index.ts");
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`the example has no ${from}`);
  writeFileSync(file, text.replace(from, to));
  return folder;
}

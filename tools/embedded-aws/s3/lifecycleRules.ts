import { randomUUID } from "node:crypto";
import { AwsError } from "../http/awsError";
import { invalidArgument, invalidRequest, malformedXml } from "./errors";
import type { ObjectVersion } from "./objectStore";
import { parseXml, type XmlNode } from "./xml";

const dayMs = 86_400_000;
const actions = [
  "Expiration",
  "Transition",
  "NoncurrentVersionExpiration",
  "NoncurrentVersionTransition",
  "AbortIncompleteMultipartUpload",
];

/** Checks a lifecycle document as S3 does (recorded: test_put_bucket_lifecycle_conf_exc). */
export function checkLifecycle(text: string): void {
  const rules = parseXml(text, "LifecycleConfiguration").children("Rule");
  if (rules.length === 0) throw malformedXml();
  for (const rule of rules) checkRule(rule);
  const ids = rules.map((rule) => rule.text("ID")).filter((id) => id !== undefined && id !== "");
  if (new Set(ids).size < ids.length) {
    const twice = ids.find((id, index) => ids.indexOf(id) !== index) ?? "";
    throw invalidArgument("Rule ID must be unique. Found same ID for more than one rule", "RuleId", twice);
  }
}

function checkRule(rule: XmlNode): void {
  if (!["Enabled", "Disabled"].includes(rule.text("Status") ?? "")) throw malformedXml();
  const id = rule.text("ID") ?? "";
  if (id.length > 255) throw invalidArgument("ID length should not exceed allowed limit of 255", "ID", id);
  const filter = rule.child("Filter");
  if ((filter === undefined) === (rule.child("Prefix") === undefined)) throw malformedXml();
  if (filter && filter.names.length > 1) throw malformedXml();
  const keys =
    filter
      ?.child("And")
      ?.children("Tag")
      .map((tag) => tag.text("Key")) ?? [];
  if (new Set(keys).size < keys.length) throw invalidRequest("Duplicate Tag Keys are not allowed.");
  if (actions.every((name) => rule.child(name) === undefined)) {
    throw invalidRequest("At least one action needs to be specified in a rule");
  }
  const noncurrent = rule.child("NoncurrentVersionExpiration");
  if (noncurrent && noncurrent.text("NoncurrentDays") === undefined) throw malformedXml();
  const [expiration] = rule.children("Expiration");
  if (expiration && expiration.names.length !== 1) throw malformedXml();
  for (const action of [expiration, ...rule.children("Transition")]) checkDate(action?.text("Date"));
  for (const [action, period] of positivePeriods) checkPeriod(action, period, rule.child(action)?.text(period));
}

/** Periods that are a day at least; objects may change their storage class at once. */
const positivePeriods = [
  ["Expiration", "Days"],
  ["NoncurrentVersionExpiration", "NoncurrentDays"],
  ["AbortIncompleteMultipartUpload", "DaysAfterInitiation"],
] as const;

function checkPeriod(action: string, period: string, days: string | undefined): void {
  if (days === undefined || Number(days) > 0) return;
  throw invalidArgument(`'${period}' for ${action} action must be a positive integer`, period, days);
}

function checkDate(date: string | undefined): void {
  if (date === undefined || Date.parse(date) % dayMs === 0) return;
  throw invalidArgument("'Date' must be at midnight GMT", "Date", date);
}

/** The document with an ID in every rule, as S3 answers it. */
export const withRuleIds = (text: string): string =>
  text.replace(/<Rule>[\s\S]*?<\/Rule>/g, (rule) =>
    /<ID>[^<]/.test(rule)
      ? rule
      : rule.replace(/<ID\s*\/>|<ID><\/ID>/, "").replace("<Rule>", `<Rule><ID>${randomUUID()}</ID>`),
  );

/** The value of `x-amz-expiration` for a current version: the earliest end that a rule sets, "rounded up to the next day midnight UTC". */
export function expirationHeader(text: string | undefined, version: ObjectVersion): Record<string, string> {
  if (text === undefined || text === "") return {};
  const ends = parseXml(text, "LifecycleConfiguration")
    .children("Rule")
    .filter((rule) => rule.text("Status") === "Enabled" && matches(rule, version))
    .flatMap((rule) => {
      const at = endOf(rule.child("Expiration"), version.modified);
      return at === undefined ? [] : [{ at, id: rule.text("ID") ?? "" }];
    })
    .sort((one, other) => one.at - other.at);
  const [first] = ends;
  if (!first) return {};
  const date = new Date(first.at).toUTCString();
  return { "x-amz-expiration": `expiry-date="${date}", rule-id="${encodeURIComponent(first.id)}"` };
}

function endOf(expiration: XmlNode | undefined, modified: number): number | undefined {
  const [days, date] = [expiration?.text("Days"), expiration?.text("Date")];
  if (date !== undefined) return Date.parse(date);
  return days === undefined ? undefined : Math.ceil((modified + Number(days) * dayMs) / dayMs) * dayMs;
}

function matches(rule: XmlNode, version: ObjectVersion): boolean {
  const filter = rule.child("Filter");
  const all = filter?.child("And") ?? filter;
  const tags = all?.children("Tag") ?? [];
  const greater = all?.text("ObjectSizeGreaterThan");
  const less = all?.text("ObjectSizeLessThan");
  return (
    version.key.startsWith(all?.text("Prefix") ?? rule.text("Prefix") ?? "") &&
    tags.every((tag) => version.tags[tag.text("Key") ?? ""] === (tag.text("Value") ?? "")) &&
    (greater === undefined || version.size > Number(greater)) &&
    (less === undefined || version.size < Number(less))
  );
}

export const transitionSizeHeader = "x-amz-transition-default-minimum-object-size";

/** From which size rules move objects to other storage classes; kept and answered, without effect here. */
export function checkTransitionSize(value: string | undefined): string {
  const known = ["all_storage_classes_128K", "varies_by_storage_class"];
  if (value === undefined) return known[0] ?? "";
  if (known.includes(value)) return value;
  throw new AwsError(400, "InvalidRequest", `Invalid TransitionDefaultMinimumObjectSize found: ${value}`);
}

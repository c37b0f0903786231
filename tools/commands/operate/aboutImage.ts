import { namesIn } from "../redrive/deadLetters";

/** The texts by one of which each line about an image is found: the name as a line has it, and as S3's events have it. */
export function formsOf(name: string): string[] {
  const asJson = JSON.stringify(name).slice(1, -1);
  // Messages are JSON in a line of JSON.
  const inMessage = JSON.stringify(asJson).slice(1, -1);
  const inEvent = encodeURIComponent(name)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, "+");
  return [...new Set([asJson, inMessage, inEvent])];
}

/** Whether a line that has one of the forms is about this image, not about one whose name only contains it. */
export function isAbout(
  { fields: { name: told, object, body } }: { fields: Record<string, unknown> },
  name: string,
): boolean {
  const subject = told ?? object;
  if (typeof subject === "string") return subject === name;
  const names = typeof body === "string" ? namesIn(body) : [];
  return names.length === 0 || names.includes(name);
}

/** A pattern of CloudWatch Logs for lines that have any of the texts. */
export function anyOf([first = "", ...others]: string[]): string {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
  if (others.length === 0) return JSON.stringify(first);
  return [first, ...others].map((text) => `?${JSON.stringify(text)}`).join(" ");
}

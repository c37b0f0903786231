import { chosenTarget, sameService, type ServiceFlags } from "../support/chosenService";
import { imageFacts } from "./imageFacts";
import { whatNext } from "./whatNext";
import { whyText } from "./whyText";

/** `snail why NAME`. Ends with 1 where nothing is known of the name. */
export async function run(
  { since, json, ...flags }: ServiceFlags & { since: number; json: boolean },
  name: string,
): Promise<number> {
  const target = chosenTarget(flags);
  const service = sameService(flags);
  const now = Date.now();
  const facts = await imageFacts(target, name, now - since * 1000);
  const next = whatNext(facts, now, service);
  console.log(json ? JSON.stringify({ ...facts, next }, asJson, 2) : whyText(facts, next, service));
  const isKnown = facts.record !== undefined || facts.uploads.length > 0 || facts.deadLetters.length > 0;
  return isKnown ? 0 : 1;
}

const asJson = (_: string, value: unknown): unknown => (value instanceof Set ? [...(value as Set<unknown>)] : value);

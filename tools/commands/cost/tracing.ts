import { assumptions } from "./assumptions";

/**
 * The share of requests of which X-Ray keeps a trace, when they come at random times: the first of each second, and 5 % of the
 * others. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export function tracedShare(perSecond: number): number {
  const first = perSecond > 0 ? (1 - Math.exp(-perSecond)) / perSecond : 1;
  return first + (1 - first) * assumptions.tracedShare;
}

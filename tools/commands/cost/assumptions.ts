/** Figures that neither the program nor a measurement tells. docs/cost.md lists them with their sources. */
export const assumptions = {
  /**
   * Milliseconds that a function waits for a call, one after the other; the renditions of an image are stored while the next is
   * made, so that they count once. S3 is a flag of the command. DynamoDB: single-digit milliseconds.
   */
  waitMs: { dynamodb: 5, sqs: 10, events: 20, cloudfront: 100 } as Record<string, number>,
  /** Memory that comes with one vCPU, MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
  vcpuMb: 1769,
  /** Share of requests of which X-Ray keeps a trace beyond the first in each second. */
  tracedShare: 0.05,
  /** SQS requests of Lambda's five pollers, each of 20 s, on an empty queue: 15 a minute. */
  pollsPerMonth: 15 * 60 * 730,
  hoursPerMonth: 730,
  monthSeconds: 730 * 3600,
  /** Share of a photo's CPU that goes with its own pixels; the rest goes with those of its renditions. */
  decodeShare: 0.5,
  /** Bytes of an index's entry beside the record: some 550 of what a list tells, and 100 that DynamoDB counts for each. */
  indexEntryBytes: 650,
} as const;

/** A request's values by condition key, in lower case. A list is the values of a key that can have several. */
export type Context = ReadonlyMap<string, string | readonly string[]>;

/** Keys that can have several values, which ask for `ForAllValues:` or `ForAnyValue:`. */
const multivalued = ["dynamodb:LeadingKeys"];

/** Keys of one value that calls to the embedded AWS carry where calls to AWS do. */
const single = [
  ...["aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName"],
  ...["aws:PrincipalType", "aws:RequestedRegion", "aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn"],
  ...["s3:delimiter", "s3:if-match", "s3:if-none-match", "s3:max-keys", "s3:prefix", "s3:versionid", "s3:x-amz-acl"],
  ...["s3:x-amz-copy-source", "s3:x-amz-server-side-encryption", "s3:x-amz-storage-class"],
];

const known = new Map([
  ...single.map((key) => [key.toLowerCase(), "single"] as const),
  ...multivalued.map((key) => [key.toLowerCase(), "multivalued"] as const),
]);

/** How many values a condition key has, or undefined for one that calls to the embedded AWS never carry. */
export const kindOfKey = (key: string): "single" | "multivalued" | undefined => known.get(key.toLowerCase());

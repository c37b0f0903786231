import { arnOf } from "../../flow/place";
import { BUCKET, FUNCTION, ROLE } from "../../model/awsTypes";
import { beginningWith, oneOf } from "../../model/pattern";
import { NotKnown } from "../../model/resource";
import { callsOf, rightsOf, type Call } from "../../model/rights";
import { rule } from "../rule";
import { decoders, isDecoder } from "./images";

const actions = ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"];

export const originals = rule({
  name: "house-originals-out-of-reach",
  group: "House",
  ids: [],
  level: "mandatory",
  title: "A function that decodes images can neither overwrite nor delete originals",
  reason: "A hostile file that takes over the decoder would destroy what cannot be made again.",
  remedy: "Deny s3:PutObject and s3:DeleteObject on the originals, or grant them for renditions alone.",
  types: [FUNCTION],
  reads: "graph",
  settings: {
    decoders,
    originals: {
      type: "array",
      items: { type: "string" },
      default: ["raw/"] as string[],
      description: "Beginnings of the keys of originals",
    },
  },
  *check(lambda, graph, settings) {
    if (!isDecoder(lambda, settings.decoders)) return;
    const role = graph.target(lambda, "role", ROLE);
    if (role === undefined) throw new NotKnown(lambda, "role", "not part of this stack");
    for (const bucket of graph.all(BUCKET)) {
      const on = oneOf(...settings.originals.map((prefix) => beginningWith(`${arnOf(bucket)}/${prefix}`)));
      const owner = { resource: bucket, attachment: ["aws:s3/bucketPolicy:BucketPolicy", "bucket"] } as const;
      for (const call of callsOf(graph, role, { actions, on, owner }))
        if (!storesOnlyNew(call))
          yield {
            property: "role",
            value: `${call.action} on ${call.example}, by policy ${call.by.policy}`,
            allowed: "neither overwriting nor deleting there",
          };
    }
    const [unknown] = rightsOf(graph, role).unknown;
    if (unknown) throw unknown;
  },
});

/**
 * Whether the request must carry `If-None-Match`, with which S3 overwrites nothing:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
const storesOnlyNew = ({ action, by: { statement } }: Call): boolean =>
  action === "s3:PutObject" &&
  statement.conditions.some(
    ({ operator, key, values }) =>
      operator === "Null" && key.toLowerCase() === "s3:if-none-match" && values.every((value) => value === "false"),
  );

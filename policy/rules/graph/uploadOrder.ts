import { BUCKET, NOTIFICATION, REST_API, STAGE } from "../../model/awsTypes";
import type { Graph } from "../../model/graph";
import { documentOf } from "../../model/openApi";
import { readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { pathOf } from "../apigateway/s3Integration";
import { rule } from "../rule";

/** The resources without which an upload is not seen. */
const needed = [
  ["notification", NOTIFICATION],
  ["versioning", "aws:s3/bucketVersioning:BucketVersioning"],
] as const;

export const uploadOrder = rule({
  name: "apigateway-upload-order",
  group: "API Gateway",
  ids: [],
  level: "mandatory",
  title: "An API that acknowledges uploads waits for the notification and the versioning that make them seen",
  reason: "An upload that is acknowledged before both are in effect is never worked on, or is overwritten.",
  remedy: "Let the stage depend on the bucket's notification and its versioning, with dependsOn.",
  types: [REST_API],
  reads: "graph",
  *check(api, graph) {
    const buckets = new Set(uploadsTo(graph, api));
    const stages = graph.referrers(api, STAGE, "restApi");
    for (const bucket of buckets)
      for (const [property, type] of needed) {
        const awaited = graph.referrers(bucket, type, "bucket");
        if (awaited.length === 0) yield { property, allowed: `one of bucket ${bucket.name}` };
        for (const stage of stages) {
          const before = allDependencies(graph, stage);
          for (const resource of awaited)
            if (!before.has(resource.urn))
              yield { property: "dependsOn", value: `not ${resource.name}`, allowed: resource.name, on: stage };
        }
      }
  },
});

const INTEGRATION = "aws:apigateway/integration:Integration";

/** The buckets of the stack that an API writes its clients' requests to. */
function* uploadsTo(graph: Graph, api: Resource): Iterable<Resource> {
  const declared = graph.referrers(api, INTEGRATION, "restApi").map((integration) => ({
    uri: readText(integration, "uri"),
    httpMethod: readText(integration, "integrationHttpMethod"),
  }));
  const described = (documentOf(api)?.operations ?? []).map(({ integration }) => integration);
  for (const integration of [...described, ...declared]) {
    if (!/^(PUT|POST)$/i.test(String(integration.httpMethod))) continue;
    const [name = ""] = pathOf(integration)?.split("/") ?? [];
    const bucket = graph.named(name, BUCKET);
    if (bucket) yield bucket;
  }
}

/** URNs of all that a resource waits for, by other resources too. */
function allDependencies(graph: Graph, resource: Resource): ReadonlySet<string> {
  const all = new Set(resource.dependencies);
  for (const urn of all) for (const further of graph.at(urn)?.dependencies ?? []) all.add(further);
  return all;
}

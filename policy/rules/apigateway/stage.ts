import { REST_API, STAGE } from "../../model/awsTypes";
import type { Graph } from "../../model/graph";
import { read, readFlag, readNumber, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { inputRule } from "../inputRule";
import { rule } from "../rule";

const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";
const STAGE_2 = "aws:apigatewayv2/stage:Stage";

/** The settings of all methods of a stage. @returns undefined where there are none */
function settingsOf(graph: Graph, stage: Resource): Resource | undefined {
  const api = graph.target(stage, "restApi", REST_API);
  return graph
    .all(SETTINGS)
    .find(
      (settings) =>
        readText(settings, "methodPath") === "*/*" &&
        read(settings, "stageName") === stage.outputs.stageName &&
        graph.target(settings, "restApi", REST_API) === api,
    );
}

export const accessLog = rule({
  name: "apigateway-access-log",
  group: "API Gateway",
  ids: ["NAG-APIG1", "CKV_AWS_76", "CFN-W69"],
  level: "mandatory",
  title: "Every stage writes an access log in JSON",
  reason: "Nothing would show who called, or which requests failed; lines that are not JSON cannot be queried.",
  remedy: "Set accessLogSettings with a destinationArn and a format that is a JSON object in one line.",
  types: [STAGE, STAGE_2],
  reads: "resource",
  *check(stage) {
    const value = readText(stage, "accessLogSettings.format");
    if (!isJsonLine(value)) yield { property: "accessLogSettings.format", value, allowed: "a JSON object in one line" };
    if (read(stage, "accessLogSettings.destinationArn") === undefined)
      yield { property: "accessLogSettings.destinationArn", allowed: "a log group" };
  },
});

function isJsonLine(format: string | undefined): boolean {
  if (format === undefined || format.includes("\n")) return false;
  try {
    // Numbers may stand without quotes: they are there only once the variables are filled in.
    return typeof JSON.parse(format.replace(/:\s*\$[\w.]+/g, ":0")) === "object";
  } catch {
    return false;
  }
}

/** A rule about the settings that a stage has for all its methods. */
const aboutSettings = (
  words: Omit<Parameters<typeof rule>[0], "group" | "level" | "types" | "reads" | "check" | "settings">,
  problems: { property: string; allowed: string; isRight: (settings: Resource) => boolean }[],
) =>
  rule({
    ...words,
    group: "API Gateway",
    level: "mandatory",
    types: [STAGE],
    reads: "graph",
    *check(stage, graph) {
      const on = settingsOf(graph, stage);
      for (const { property, allowed, isRight } of problems)
        if (!on || !isRight(on))
          yield {
            property: `settings.${property}`,
            value: on && read(on, `settings.${property}`),
            allowed,
            on: on ?? stage,
          };
    },
  });

export const executionLog = aboutSettings(
  {
    name: "apigateway-execution-log",
    ids: ["APIGateway.1", "NAG-APIG6", "CKV2_AWS_4"],
    title: "Every stage logs the errors of its methods",
    reason: "Why an integration failed is written nowhere else.",
    remedy: "Declare aws.apigateway.MethodSettings for */* with loggingLevel ERROR.",
  },
  [
    {
      property: "loggingLevel",
      allowed: "ERROR (or INFO)",
      isRight: (settings) => ["ERROR", "INFO"].includes(readText(settings, "settings.loggingLevel") ?? ""),
    },
  ],
);

export const throttles = aboutSettings(
  {
    name: "apigateway-throttles",
    ids: ["NAG-serverless"],
    title: "Every stage has throttles of its own",
    reason: "One client could use up the limit of the account, for all its APIs.",
    remedy: "Declare aws.apigateway.MethodSettings for */* with throttlingRateLimit and throttlingBurstLimit.",
  },
  ["throttlingRateLimit", "throttlingBurstLimit"].map((property) => ({
    property,
    allowed: "1 or more",
    isRight: (settings) => (readNumber(settings, `settings.${property}`) ?? -1) > 0,
  })),
);

export const noDataTrace = inputRule({
  name: "apigateway-no-data-trace",
  group: "API Gateway",
  ids: ["CKV_AWS_276"],
  level: "mandatory",
  title: "No method logs the content of requests and answers",
  reason: "Personal data and credentials would be written into the log.",
  remedy: "Set dataTraceEnabled to false.",
  type: SETTINGS,
  property: "settings.dataTraceEnabled",
  allowed: "false",
  accept: (value) => value !== "true",
});

export const webFirewall = rule({
  name: "apigateway-waf",
  group: "API Gateway",
  ids: ["APIGateway.4", "NAG-APIG3", "CKV2_AWS_29"],
  level: "advisory",
  title: "Every stage is behind a web application firewall",
  reason: "Floods and known attacks reach the API.",
  remedy: "Associate an aws.wafv2.WebAcl, where callers come from anywhere.",
  types: [STAGE],
  reads: "graph",
  *check(stage, graph) {
    const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";
    if (graph.referrers(stage, ASSOCIATION, "resourceArn").length === 0)
      yield { property: "web ACL", allowed: "an association with this stage" };
  },
});

export const tracing = rule({
  name: "apigateway-tracing",
  group: "API Gateway",
  ids: ["APIGateway.3", "CKV_AWS_73"],
  level: "advisory",
  title: "Every stage is traced",
  reason: "Without a trace, the slow or failing step of a request cannot be found.",
  remedy: "Set xrayTracingEnabled to true.",
  types: [STAGE],
  reads: "resource",
  *check(stage) {
    const property = "xrayTracingEnabled";
    if (!readFlag(stage, property)) yield { property, value: read(stage, property), allowed: "true" };
  },
});

export const domainTls = rule({
  name: "apigateway-domain-tls",
  group: "API Gateway",
  ids: ["CKV_AWS_206", "CFN-W62"],
  level: "mandatory",
  title: "Every custom domain refuses TLS below 1.2",
  reason: "Older versions of TLS can be broken.",
  remedy: "Set securityPolicy to TLS_1_2.",
  types: ["aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName"],
  reads: "resource",
  *check(domain) {
    const isV2 = domain.type.startsWith("aws:apigatewayv2/");
    const property = isV2 ? "domainNameConfiguration.securityPolicy" : "securityPolicy";
    const value = readText(domain, property);
    if (!/^(TLS_1_2$|SecurityPolicy_TLS1[23]_)/.test(value ?? ""))
      yield { property, value, allowed: "TLS_1_2, or a SecurityPolicy_TLS12_… or SecurityPolicy_TLS13_…" };
  },
});

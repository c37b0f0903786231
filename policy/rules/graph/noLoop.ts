import { loopsFrom } from "../../flow/loops";
import { FUNCTION } from "../../model/awsTypes";
import { rule } from "../rule";

export const noLoop = rule({
  name: "no-loop",
  group: "Graph",
  ids: [],
  level: "mandatory",
  title: "No function can make itself run again",
  reason: "Each run would cause the next one, without end, until the bill or a limit of the account stops it.",
  remedy: "Break one step of the chain: write under another prefix, narrow the grant, or deny it for that prefix.",
  types: [FUNCTION],
  reads: "graph",
  *check(lambda, graph) {
    const { chains, unknown } = loopsFrom(graph, lambda);
    for (const chain of chains)
      yield { property: "effect", value: "its own next run", chain, allowed: "one that ends" };
    if (unknown[0]) throw unknown[0];
  },
});

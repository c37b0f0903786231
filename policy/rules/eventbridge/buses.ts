import { readText, read } from "../../model/read";
import { publicPrincipal } from "../publicPrincipal";
import { rule } from "../rule";

const words = {
  group: "EventBridge",
  reason: "Anyone could send events, and start what the rules of the bus start.",
  remedy: "Name accounts or services, or narrow an organisation by a condition.",
} as const;

export const noPublicPrincipal = publicPrincipal({
  ...words,
  name: "eventbridge-no-public-principal",
  ids: ["EventBridge.3"],
  title: "No policy of an event bus allows everyone",
  types: ["aws:cloudwatch/eventBusPolicy:EventBusPolicy"],
});

export const permission = rule({
  ...words,
  name: "eventbridge-permission",
  ids: ["EventBridge.3"],
  level: "mandatory",
  title: "No permission on an event bus is for everyone",
  types: ["aws:cloudwatch/eventPermission:EventPermission"],
  reads: "resource",
  *check(permission) {
    const value = readText(permission, "principal");
    if (value === "*" && read(permission, "condition") === undefined)
      yield { property: "principal", value, allowed: "an account, or * with the condition of an organisation" };
  },
});

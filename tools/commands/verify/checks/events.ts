import { logLines } from "../../operate/logLines";
import { awsJson } from "../../support/awsJson";
import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { acceptedPicture, settled, upload } from "../uploads";

const FUNCTION = "ImageEventProcess";
const CLOCKS_DIFFER_MS = 5 * 60_000;

/**
 * The bus is there, and took each event of an image: the function says so in its log once EventBridge has answered. To see
 * one arrive would take a rule, a queue, and the rights to make both.
 */
export const events: Check = {
  title: "The event bus takes what becomes of an image",
  rights: (target) => {
    const { partition, region, accountId, eventBusName, logGroups } = target;
    const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
    return [
      { actions: ["events:DescribeEventBus"], on: [arn("events", `event-bus/${eventBusName}`)] },
      { actions: ["logs:FilterLogEvents"], on: [arn("logs", `log-group:${logGroups[FUNCTION]}:*`)] },
      ...callsOfApi(target),
    ];
  },
  async run(session) {
    const { api, see, target, wait } = session;
    const bus = (await awsJson(target, {
      service: "events",
      method: "POST",
      path: "/",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.DescribeEventBus" },
      body: { Name: target.eventBusName },
    })) as { Name?: string };
    see({ asked: "the event bus", expected: target.eventBusName, seen: bus.Name ?? "none" });

    const since = Date.now() - CLOCKS_DIFFER_MS;
    const { body, end } = await acceptedPicture(session);
    const name = api.name(`announced.${end}`);
    await upload(session, name, body);
    await settled(session, name);
    await api.delete(name);
    const announced = async () =>
      (await logLines(target, { function: FUNCTION, since, image: name }))
        .map(({ fields }) => String(fields.message))
        .filter((message) => message.startsWith(`${name}: announced as `))
        .map((message) => message.split(" ").at(-1));
    const told = await wait("its events", announced, (kinds) => kinds.includes("deleted"));
    see({ asked: "its events", expected: "uploaded, ready, deleted", seen: [...new Set(told)].join(", ") || "none" });
  },
};

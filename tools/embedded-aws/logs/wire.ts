import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import { readAll } from "../http/readAll";
import type { WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import type { LogsAdmin } from "./logs";

interface WireOptions {
  logs: Pick<LogsAdmin, "eventsOf">;
  iam: Iam;
  place: Place;
}
interface FilterLogEventsInput {
  logGroupName?: string;
  filterPattern?: string;
  startTime?: number;
  endTime?: number;
  limit?: number;
  nextToken?: string;
}

const largestRequest = 1024 * 1024;
const known = ["logGroupName", "filterPattern", "startTime", "endTime", "limit", "nextToken"];

/**
 * CloudWatch Logs in AWS's JSON protocol: FilterLogEvents of one group, with a pattern of quoted texts, or none.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export function createLogsWire({ logs, iam, place }: WireOptions): WireService {
  const filterLogEvents = (input: FilterLogEventsInput): object => {
    const { logGroupName = "", filterPattern = "", startTime = 0, endTime = Infinity, limit = 10_000 } = input;
    const events = logs.eventsOf(logGroupName);
    if (!events) throw new AwsError(400, "ResourceNotFoundException", "The specified log group does not exist.");
    const passes = filterOf(filterPattern);
    const chosen = events.filter(
      ({ timestamp, message }) => timestamp >= startTime && timestamp < endTime && passes(message),
    );
    const from = Number(input.nextToken ?? 0);
    const page = chosen.slice(from, from + limit);
    return {
      events: page.map(({ stream, timestamp, message }, i) => ({
        logStreamName: stream,
        timestamp,
        ingestionTime: timestamp,
        message,
        eventId: String(from + i),
      })),
      searchedLogStreams: [],
      ...(from + page.length < chosen.length && { nextToken: String(from + page.length) }),
    };
  };

  return {
    handle: async (request) => {
      try {
        const operation = request.headers["x-amz-target"]?.split(".").at(-1) ?? "";
        if (operation !== "FilterLogEvents") throw notImplemented(`logs:${operation}`);
        const input = JSON.parse((await readAll(request.body, largestRequest)).toString()) as FilterLogEventsInput;
        const other = Object.keys(input).find((name) => !known.includes(name));
        if (other !== undefined) throw notImplemented(`${other} of logs:FilterLogEvents`);
        const { partition, region, accountId } = place;
        const resource = `arn:${partition}:logs:${region}:${accountId}:log-group:${input.logGroupName ?? ""}:log-stream:`;
        iam.authorize({ principal: request.principal, action: "logs:FilterLogEvents", resource });
        return {
          status: 200,
          headers: { "content-type": "application/x-amz-json-1.1" },
          body: JSON.stringify(filterLogEvents(input)),
        };
      } catch (error) {
        if (error instanceof AwsError) return errorResponse("logs", error, request.requestId);
        throw error;
      }
    },
  };
}

/**
 * Whether a line passes: a pattern in quotes looks for exactly that text, several with a question mark before each for any of
 * them. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
function filterOf(pattern: string): (message: string) => boolean {
  const quoted = `"(?:[^"\\\\]|\\\\.)*"`;
  if (pattern !== "" && !new RegExp(`^(${quoted}|\\?${quoted}( \\?${quoted})*)$`).test(pattern))
    throw notImplemented("a filterPattern that is not one quoted text, nor several with a question mark before each");
  const texts = (pattern.match(new RegExp(quoted, "g")) ?? []).map((text) => text.slice(1, -1).replace(/\\(.)/g, "$1"));
  return (message) => texts.length === 0 || texts.some((text) => message.includes(text));
}

import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import { escapeXml } from "../http/escapeXml";
import { readAll } from "../http/readAll";
import { callerArn, sessionName } from "../iam/denial";
import { uniqueId } from "../iam/uniqueId";
import type { AwsRequest, AwsResponse, WireService } from "../http/wireService";
import type { Place } from "../place";
import type { Principal } from "../iam/principal";

const largestRequest = 1024 * 1024;
const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/** STS, as far as `aws sts get-caller-identity` goes. */
export function createSts({ place }: { place: Place }): WireService {
  return {
    handle: async (request) => {
      try {
        const action = await actionOf(request);
        // Every caller may ask who it is: no policy can deny it.
        if (action === "GetCallerIdentity") return callerIdentity(request, place);
        throw action === undefined
          ? new AwsError(400, "MissingAction", "The request must contain the parameter Action")
          : notImplemented(`sts:${action}`);
      } catch (error) {
        if (error instanceof AwsError) return errorResponse("sts", error, request.requestId);
        throw error;
      }
    },
  };
}

async function actionOf(request: AwsRequest): Promise<string | undefined> {
  const form = new URLSearchParams((await readAll(request.body, largestRequest)).toString());
  return form.get("Action") ?? request.query.get("Action") ?? undefined;
}

function callerIdentity({ principal, requestId }: AwsRequest, place: Place): AwsResponse {
  const body =
    `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult>` +
    `<Arn>${escapeXml(callerArn(principal))}</Arn><UserId>${escapeXml(userId(principal))}</UserId>` +
    `<Account>${place.accountId}</Account></GetCallerIdentityResult>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body };
}

function userId(principal: Principal): string {
  return principal.kind === "role" ? `${uniqueId("AROA", principal.arn)}:${sessionName}` : "AIDALOCAL";
}

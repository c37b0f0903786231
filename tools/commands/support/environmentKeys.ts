import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * The caller's keys, found as AWS's SDKs find them: in variables, profiles, SSO sessions, roles.
 * @throws Error that says what to do where there are none, or a session has ended
 */
export function environmentKeys(region: string): () => Promise<Keys> {
  // Any client brings the search.
  const { config } = new DynamoDBClient({ region });
  return async () => {
    try {
      return await config.credentials();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `AWS keys are needed, and were not found (${reason}): log in, for example with \`aws sso login\`, ` +
          "and set AWS_PROFILE; or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        { cause: error },
      );
    }
  };
}

import type * as aws from "@pulumi/aws";

/** Whose pages may use a part of the service from a browser. */
export interface AllowedOrigins {
  /** Origins such as `https://www.example.com`; `["*"]` allows all. Default: none. */
  allowedOrigins?: readonly string[];
}

/** The variable from which the functions behind the API read the origins. Absent where there are none. */
export const originsEnvironment = ({ allowedOrigins = [] }: AllowedOrigins): Record<string, string> =>
  allowedOrigins.length === 0 ? {} : { ALLOWED_ORIGINS: JSON.stringify(allowedOrigins) };

/** A bucket's rule that lets pages of these origins use these methods; none where there are no origins. */
export const corsRules = (
  { allowedOrigins = [] }: AllowedOrigins,
  allowedMethods: string[],
): aws.types.input.s3.BucketCorsConfigurationCorsRule[] =>
  allowedOrigins.length === 0
    ? []
    : [
        {
          allowedOrigins: [...allowedOrigins],
          allowedMethods,
          allowedHeaders: ["*"],
          exposeHeaders: ["ETag", "x-amz-version-id"],
          maxAgeSeconds: 7200,
        },
      ];

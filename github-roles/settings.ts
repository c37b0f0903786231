import * as pulumi from "@pulumi/pulumi";

export interface DeploySettings {
  /** `owner/name` on GitHub. */
  repository: string;
  /** The image service's stack. */
  stack: string;
  /** Empty with Pulumi Cloud. */
  stateBucket: string;
  /** Empty with Pulumi Cloud. */
  stateKeyArn: string;
  /** The account has GitHub's OIDC provider already. */
  providerExists: boolean;
}

/** Reads the configuration of the stack. Throws with the key, the value and what is allowed. */
export function readDeploySettings(): DeploySettings {
  // eslint-disable-next-line no-restricted-properties -- a program of its own, and this is its only reader
  const config = new pulumi.Config();
  const text = (key: string, pattern: RegExp, allowed: string, fallback?: string): string => {
    const value = config.get(key) ?? fallback ?? "";
    if (pattern.test(value)) return value;
    throw new Error(`snail-images-deploy:${key} must be ${allowed}; got ${JSON.stringify(value)}`);
  };
  return {
    repository: text("repository", /^[\w.-]+\/[\w.-]+$/, "owner/name"),
    stack: text("stack", /^[\w-]+$/, "the name of a stack, such as dev or prod"),
    stateBucket: text("stateBucket", /^([a-z0-9.-]{3,63})?$/, "the name of an S3 bucket, or nothing", ""),
    stateKeyArn: text("stateKeyArn", /^(arn:[\w-]+:kms:.+:key\/.+)?$/, "the ARN of a KMS key, or nothing", ""),
    providerExists: text("providerExists", /^(true|false)$/, "true or false", "false") === "true",
  };
}

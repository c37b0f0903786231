/** The caller of an operation, after its signature was checked. */
export interface Principal {
  /** `user` is the local owner of the account, who may do everything. */
  kind: "user" | "role" | "service" | "anonymous";
  /** The ARN of the user or role, a service's name (`s3.amazonaws.com`), or `*` for an anonymous caller. */
  arn: string;
  accountId: string;
  /** For a service: the resource and account that it calls for; these become `aws:SourceArn` and `aws:SourceAccount`. */
  sourceArn?: string;
  sourceAccount?: string;
}

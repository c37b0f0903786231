/** The account, region and addresses of an embedded AWS. */
export interface Place {
  accountId: string;
  region: string;
  partition: "aws";
  /** Base URL of the AWS endpoint: `http://127.0.0.1:4001`. */
  awsUrl: string;
  /** Base URL of the deployed REST APIs: `http://127.0.0.1:4000`. */
  apiUrl: string;
}

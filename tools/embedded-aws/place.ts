/** The account, region and addresses of an embedded AWS. */
export interface Place {
  accountId: string;
  region: string;
  partition: "aws";
  /** Base URL of the AWS endpoint: `http://127.0.0.1:4001`. */
  awsUrl: string;
  /** Base URL of the deployed REST APIs: `http://127.0.0.1:4000`. */
  apiUrl: string;
  /** Address of CloudFront's distribution: `http://127.0.0.1:4002`. Absent where none is served: it has a domain of AWS's. */
  edgeUrl?: string;
}

/** The account of everything that runs without AWS: no real account has this number. */
export const ACCOUNT_ID = "000000000000";

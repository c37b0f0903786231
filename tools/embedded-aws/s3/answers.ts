import type { AwsResponse } from "../http/wireService";
import { document, type Markup } from "./markup";

/** An answer with an XML body. */
export const xmlAnswer = (root: string, content: (Markup | undefined)[], headers = {}): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/xml", ...headers },
  body: document(root, ...content),
});

export const emptyAnswer = (status: number, headers: Record<string, string> = {}): AwsResponse => ({ status, headers });

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Lists have times in whole seconds (recorded: test_s3_list_objects_timestamp_precision). */
export const listTime = (milliseconds: number): string => isoTime(Math.floor(milliseconds / 1000) * 1000);

import { percentEncodePath } from "../http/percentEncoding";

/** A key in lists with `encoding-type=url` and in events: a blank is `+`, a slash stays, and so does `*`. */
export const encodeKey = (key: string): string => percentEncodePath(key).replace(/%20/g, "+").replace(/%2A/g, "*");

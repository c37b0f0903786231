import { escapeXml } from "../http/escapeXml";

/** Text that is XML already. */
export interface Markup {
  xml: string;
}

/** An element. Parts that are undefined are left out; text is escaped. */
export const element = (name: string, ...content: (Markup | string | number | boolean | undefined)[]): Markup => {
  const inner = content.map((part) =>
    part === undefined ? "" : typeof part === "object" ? part.xml : escapeXml(String(part)),
  );
  return { xml: `<${name}>${inner.join("")}</${name}>` };
};

/** The element, or nothing when there is no value. */
export const optional = (name: string, value: string | number | undefined): Markup | undefined =>
  value === undefined ? undefined : element(name, value);

const xmlNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** A whole answer: declaration and root element with S3's namespace. */
export const document = (root: string, ...content: (Markup | undefined)[]): string => {
  const inner = content.map((part) => part?.xml ?? "").join("");
  const opening = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${xmlNamespace}"`;
  return inner === "" ? `${opening}/>` : `${opening}>${inner}</${root}>`;
};

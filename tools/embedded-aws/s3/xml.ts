import { XMLParser, XMLValidator } from "fast-xml-parser";
import { escapeXml } from "../http/escapeXml";
import { malformedXml } from "./errors";

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

export const xmlNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** A whole answer: declaration and root element with S3's namespace. */
export const document = (root: string, ...content: (Markup | undefined)[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${xmlNamespace}">${content.map((part) => part?.xml ?? "").join("")}</${root}>`;

/** A parsed element: the children of each name, in order. */
export class XmlNode {
  constructor(private readonly value: unknown) {}

  children(name: string): XmlNode[] {
    if (typeof this.value !== "object" || this.value === null) return [];
    const found = (this.value as Record<string, unknown>)[name];
    if (found === undefined) return [];
    return (Array.isArray(found) ? found : [found]).map((child) => new XmlNode(child));
  }

  child(name: string): XmlNode | undefined {
    return this.children(name)[0];
  }

  /** The text of the first child of this name. */
  text(name: string): string | undefined {
    return this.child(name)?.ownText;
  }

  get names(): string[] {
    return typeof this.value === "object" && this.value !== null
      ? Object.keys(this.value).filter((name) => name !== "#text")
      : [];
  }

  get ownText(): string {
    if (typeof this.value === "string") return this.value;
    const text = typeof this.value === "object" && this.value ? (this.value as Record<string, unknown>)["#text"] : "";
    return typeof text === "string" ? text : "";
  }
}

/** Object keys may begin or end with blanks and look like numbers: text is never trimmed or converted. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  htmlEntities: true,
});

/** Parses a request's document; MalformedXML unless it is well-formed with this root element. */
export function parseXml(text: string, root: string): XmlNode {
  if (XMLValidator.validate(text) !== true) throw malformedXml();
  const parsed = parser.parse(text) as Record<string, unknown>;
  if (!(root in parsed)) throw malformedXml();
  return new XmlNode(parsed[root]);
}

import { XMLParser, XMLValidator } from "fast-xml-parser";
import { malformedXml } from "./errors";

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

export const isWellFormed = (text: string): boolean => XMLValidator.validate(text) === true;

/** The validator lets them pass: https://www.w3.org/TR/xml/#charsets */
const noXmlCharacter = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Parses a request's document; MalformedXML unless it is well-formed with this root element. */
export function parseXml(text: string, root: string): XmlNode {
  if (noXmlCharacter.test(text) || XMLValidator.validate(text) !== true) throw malformedXml();
  const parsed = parser.parse(text) as Record<string, unknown>;
  if (!(root in parsed)) throw malformedXml();
  return new XmlNode(parsed[root]);
}

import type { LinkedImage } from "./calls.ts";

type Linked = LinkedImage["renditions"][number];

/** A `<picture>` from which a browser chooses by format and width; the last format is that of browsers without the others. */
export function pictureMarkup({ renditions }: LinkedImage): string {
  const formats = [...new Set(renditions.map(({ format }) => format))];
  const setsOf = (format: string): string =>
    renditions
      .filter((rendition) => rendition.format === format)
      .sort((a, b) => a.width - b.width)
      .map(({ url, width }) => `${escaped(url)} ${width}w`)
      .join(", ");
  const sources = formats
    .slice(0, -1)
    .map((format) => `  <source type="image/${format}" srcset="${setsOf(format)}" sizes="100vw">`);
  const last = formats.at(-1) ?? "";
  const largest = renditions
    .filter(({ format }) => format === last)
    .reduce<Linked | undefined>((best, one) => (best && best.width >= one.width ? best : one), undefined);
  if (!largest) return "";
  const { url, width, height } = largest;
  const image = `  <img src="${escaped(url)}" srcset="${setsOf(last)}" sizes="100vw" width="${width}" height="${height}" alt="">`;
  return ["<picture>", ...sources, image, "</picture>"].join("\n");
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

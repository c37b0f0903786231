import { readStatus } from "./calls.ts";
import { pictureMarkup } from "./markup.ts";

/** Puts a `<picture>` for an image into the clipboard; what to say of it. */
export async function copyMarkup(name: string): Promise<string> {
  await navigator.clipboard.writeText(pictureMarkup(await readStatus(name)));
  return "The markup is in the clipboard; its URLs work as long as those of GET.";
}

/** Puts the URL of one rendition into the clipboard; what to say of it. */
export async function copyUrl(name: string, imageType: string, format: string): Promise<string> {
  const { renditions } = await readStatus(name);
  const found = renditions.find((rendition) => rendition.imageType === imageType && rendition.format === format);
  if (!found) return `${name} has no such rendition any more.`;
  await navigator.clipboard.writeText(found.url);
  return "The URL is in the clipboard; it works as long as those of GET.";
}

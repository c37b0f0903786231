import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { plainItem } from "./attributeValues";
import { rawRecord } from "./imageMetadata";
import type { RawRecord } from "../records";

type Image = Record<string, AttributeValue>;

/** The part of a change that is read here: the item before and after it, of a stream with both images. */
interface Images {
  OldImage?: Image;
  NewImage?: Image;
}

/** Throws where an item has what no record has. */
export function recordChange({ OldImage, NewImage }: Images): {
  before: RawRecord | undefined;
  after: RawRecord | undefined;
} {
  const recordOf = (image: Image | undefined) => image && rawRecord(plainItem(image));
  return { before: recordOf(OldImage), after: recordOf(NewImage) };
}

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { plainItem } from "./attributeValues";
import { rawRecord } from "./imageMetadata";
import type { RawRecord } from "../records";

type Image = Record<string, AttributeValue>;

/** The part of a stream's record that is used here, of a stream with both images. */
export interface StreamRecord {
  dynamodb: { SequenceNumber: string; OldImage?: Image; NewImage?: Image };
}

/** The item before and after a change. Throws where one has what no record has. */
export function recordChange({ dynamodb: { OldImage, NewImage } }: StreamRecord): {
  before: RawRecord | undefined;
  after: RawRecord | undefined;
} {
  const recordOf = (image: Image | undefined) => image && rawRecord(plainItem(image));
  return { before: recordOf(OldImage), after: recordOf(NewImage) };
}

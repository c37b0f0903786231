import type { UploadDetails } from "../../../handlers/protocol/uploadDetails";
import type { LiveGeneration } from "../../../handlers/records";
import { Violation } from "./invariants";

/** A generation has the metadata and the focus of the upload of which it was made: of one of these. */
export function* violationsOfDetails(
  name: string,
  recorded: LiveGeneration,
  uploads: { details?: UploadDetails }[],
): Generator<Violation> {
  const told = detailsText(recorded);
  const due = uploads.map(({ details = {} }) => detailsText(details));
  if (due.length > 0 && !due.includes(told)) {
    yield new Violation("DETAILS", `${name}: ${recorded.generation} has ${told}, not ${due.join(" or ")}`);
  }
}

/** Details as one text; `none` where there are none. */
export function detailsText({ metadata, focus }: UploadDetails): string {
  const parts = [metadata, focus && `${focus.x} from the left, ${focus.y} from the top`];
  return parts.filter((part) => part !== undefined).join(" at ") || "none";
}

import type { FunctionName } from "../../world/actors";
import type { Step } from "../../world/clients";
import type { UploadKind } from "../../world/simulatedImages";
import type { Fault } from "../faultModel";
import type { Situation } from "./situation";

/** Every upload but that with the tag 2 has details. */
export const put = (upload: UploadKind, tag: string, name = "a.jpg"): Extract<Step, { kind: "put" }> => ({
  kind: "put",
  name,
  upload,
  tag,
  details: tag === "2" ? {} : { metadata: JSON.stringify({ tag }), focus: { x: 0.25, y: 0.75 } },
});
export const retype: Step = { kind: "retype" };
export const backfill = (removes: boolean): Step => ({ kind: "backfill", remove: removes });
export const remove: Step = { kind: "delete", name: "a.jpg" };

/** The same fault of the first calls of this name of this function, but for those that are spared. */
export function times(
  count: number,
  functionName: FunctionName,
  call: string,
  fault: Fault,
  spared = 0,
): Required<Situation>["before"] {
  return Array.from({ length: spared + count }, (_, at) => ({
    functionName,
    call,
    fault: at < spared ? "none" : fault,
  }));
}

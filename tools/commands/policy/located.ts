import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Finding } from "../../../policy/evaluate";
import { SUPPRESSIONS } from "../../../policy/suppression";
import type { GatheredResource } from "../../embedded-aws";

/** A finding with the place of the program where its resource is declared. */
export interface LocatedFinding extends Finding {
  /** From the program's folder, with `/`. */
  file: string;
  /** From 1. */
  line: number;
}

/** Everything that is written about one stack. */
export interface Judged {
  stack: string;
  findings: readonly LocatedFinding[];
  /** How many findings suppressions took away. */
  suppressed: number;
}

/** The findings with their places, in the order of files and lines; what has none of its own is in `Pulumi.yaml`. */
export function located(
  findings: readonly Finding[],
  resources: readonly Pick<GatheredResource, "urn" | "type" | "declaredAt">[],
  root: string,
): LocatedFinding[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return findings
    .map((finding) => ({ ...finding, ...placeOf(finding, byUrn.get(finding.urn), root) }))
    .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

function placeOf(
  { rule }: Finding,
  resource: Pick<GatheredResource, "type" | "declaredAt"> | undefined,
  root: string,
): Pick<LocatedFinding, "file" | "line"> {
  if (rule === SUPPRESSIONS) return { file: "policy/suppressions.json", line: 1 };
  const at = resource?.declaredAt;
  if (!at || resource.type === "pulumi:pulumi:Stack") return { file: "Pulumi.yaml", line: 1 };
  return { file: relative(root, fileURLToPath(at.uri)).split(sep).join("/"), line: at.line };
}

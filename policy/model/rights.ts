import { coversAction } from "./arn";
import { awsManagedPolicies } from "./awsManagedPolicies";
import { POLICY } from "./awsTypes";
import type { Graph } from "./graph";
import { both, example, iamPattern, oneOf, type Texts } from "./pattern";
import { grantsOn, placedStatements, policiesOfRole } from "./policies";
import type { Statement } from "./policyDocument";
import { readText } from "./read";
import { NotKnown, type Resource } from "./resource";

/** A statement that holds for a role. */
export interface Right {
  statement: Statement;
  /** Name of the policy. */
  policy: string;
}

/** The rights of a role. */
interface Rights {
  rights: readonly Right[];
  /** The allowing statements of its permissions boundary, where it has one. */
  within?: readonly Right[];
  /** Policies that are not known, or not declared in this stack. */
  unknown: readonly NotKnown[];
}

/** One way in which a role can call an action. */
export interface Call {
  action: string;
  /** The statement that allows it. */
  by: Right;
  /** The ARNs on which it is allowed: one or more. */
  on: Texts;
  /** One of them. */
  example: string;
}

/** The actions that are called, and the ARNs that count. */
interface Called {
  actions: readonly string[];
  on: Texts;
  /** The resource that is called, where policies on it count too, and how they are attached, as in `grantsOn`. */
  owner?: { resource: Resource; attachment: readonly [type: string, property: string] };
}

/**
 * The ways in which a role may call one of some actions on one of some ARNs. A condition may hold, so that a grant counts
 * in spite of one, and a Deny only without.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws NotKnown for an unknown policy on the owner
 */
export function callsOf(graph: Graph, role: Resource, { actions, on, owner }: Called): Call[] {
  const { rights, within } = rightsOf(graph, role);
  const onOwner = owner === undefined ? [] : grantsOn(graph, owner.resource, owner.attachment);
  const all = [
    ...rights,
    ...onOwner
      .filter((statement) => concerns(statement, role))
      .map((statement) => ({ statement, policy: statement.source.name })),
  ];
  return actions.flatMap((action) => {
    const [allowing, denying] = ["Allow", "Deny"].map((effect) =>
      all.filter(({ statement }) => statement.effect === effect && isAbout(statement, action)),
    );
    const possible = both(
      on,
      ...(denying ?? []).filter(({ statement }) => statement.conditions.length === 0).map(outside),
      ...(within === undefined ? [] : [anyOf(within.filter(({ statement }) => isAbout(statement, action)))]),
    );
    return (allowing ?? []).flatMap((by): Call[] => {
      const arns = both(inside(by), possible);
      const arn = example(arns);
      return arn === undefined ? [] : [{ action, by, on: arns, example: arn }];
    });
  });
}

const collected = new WeakMap<Graph, Map<Resource, Rights>>();

/** The policies of a role: its own, attached ones of the stack, those of AWS that the pack knows, and its boundary. */
export function rightsOf(graph: Graph, role: Resource): Rights {
  const ofGraph = collected.get(graph) ?? new Map<Resource, Rights>();
  collected.set(graph, ofGraph);
  const rights = ofGraph.get(role) ?? collect(graph, role);
  ofGraph.set(role, rights);
  return rights;
}

function collect(graph: Graph, role: Resource): Rights {
  const rights: Right[] = [];
  const unknown: NotKnown[] = [];
  const attempt = (collectSome: () => void): void => {
    try {
      collectSome();
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      unknown.push(error);
    }
  };
  let within: Right[] | undefined;
  attempt(() => {
    for (const { policy, arn, source, property } of policiesOfRole(graph, role)) {
      attempt(() => {
        if (policy) rights.push(...rightsIn(policy));
        else rights.push(...managedRights(arn, source, property));
      });
    }
  });
  attempt(() => {
    const boundary = graph.target(role, "permissionsBoundary", POLICY);
    if (boundary === undefined) return;
    const limits = rightsIn(boundary);
    within = limits.filter(({ statement }) => statement.effect === "Allow");
    rights.push(...limits.filter(({ statement }) => statement.effect === "Deny"));
  });
  return { rights, unknown, ...(within && { within }) };
}

const rightsIn = (policy: Resource): Right[] =>
  placedStatements(policy, "identity").map((statement) => ({ statement, policy: policy.name }));

function managedRights(arn: string, source: Resource, property: string): Right[] {
  const name = arn.split("/").at(-1) ?? "";
  const actions = arn.includes(":iam::aws:policy/") ? awsManagedPolicies.get(name) : undefined;
  if (actions === undefined) throw new NotKnown(source, property, `the statements of ${arn} are not in this stack`);
  const statement: Statement = { ...nothing, effect: "Allow", actions, resources: ["*"] };
  return [{ statement, policy: name }];
}
const nothing = { principals: [], notPrincipals: [], notActions: [], notResources: [], conditions: [] };

function isAbout({ actions, notActions }: Statement, action: string): boolean {
  const matches = (pattern: string): boolean => coversAction(pattern, action);
  return notActions.length > 0 ? !notActions.some(matches) : actions.some(matches);
}

/** The ARNs that a statement names. One in a trust policy names none, and means its own role. */
function inside({ statement: { resources, notResources } }: Right): Texts {
  return {
    allOf: resources.length > 0 ? [resources.map(iamPattern)] : [],
    noneOf: notResources.map(iamPattern),
  };
}

/** The ARNs that it leaves out. */
function outside({ statement: { resources, notResources } }: Right): Texts {
  return {
    allOf: notResources.length > 0 ? [notResources.map(iamPattern)] : [],
    noneOf: resources.map(iamPattern),
  };
}

/** The ARNs that one of some statements names; one with `NotResource` counts as all. */
function anyOf(rights: readonly Right[]): Texts {
  return oneOf(
    ...rights.flatMap(({ statement: { resources, notResources } }) =>
      notResources.length > 0 ? [iamPattern("*")] : resources.map(iamPattern),
    ),
  );
}

/** Keys that a request carries only when a service makes it, and never a role. */
const ofServices = new Set(["aws:sourcearn", "aws:sourceaccount"]);

/**
 * Whether a statement of a resource's policy is for a role. An account as principal lets its own policies decide, and so
 * allows nothing by itself; a Deny for it is for all of its roles.
 */
function concerns({ effect, principals, notPrincipals, conditions }: Statement, role: Resource): boolean {
  const arn = readOutput(role, "arn");
  const name = readText(role, "name");
  const isRole = (value: string): boolean =>
    value === arn || (name !== undefined && value.includes(`:assumed-role/${name}/`));
  const account = arn?.split(":")[4];
  const isAccount = (value: string): boolean =>
    effect === "Deny" && account !== undefined && (value === account || value.endsWith(`::${account}:root`));
  const named =
    notPrincipals.length > 0
      ? !notPrincipals.some(({ value }) => isRole(value))
      : principals.some(({ kind, value }) => kind === "AWS" && (value === "*" || isRole(value) || isAccount(value)));
  return (
    named &&
    !(
      effect === "Allow" &&
      conditions.some(({ operator, key }) => ofServices.has(key.toLowerCase()) && !/not|null|ifexists/i.test(operator))
    )
  );
}

const readOutput = (resource: Resource, property: string): string | undefined => {
  const value = resource.outputs[property];
  return typeof value === "string" ? value : undefined;
};

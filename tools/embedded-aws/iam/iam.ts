import type { DatabaseSync } from "node:sqlite";
import { AwsError } from "../http/awsError";
import type { Place } from "../place";
import type { HeldPolicy } from "./policyDocument";
import type { Principal } from "./principal";
import type { Context } from "./context";
import { type Credentials, type KeyRecord, KeyRing, type SessionCredentials } from "./credentials";
import { accessDenied } from "./denial";
import { evaluate, type AccessCase, type AccessDecision } from "./evaluate";
import { parsePolicy } from "./validatePolicy";

/** A question to IAM. `aws:SourceArn`, `aws:SourceAccount`, `aws:PrincipalArn` and `aws:SecureTransport` are added by the evaluator. */
export interface AccessQuestion {
  principal: Principal;
  /** `s3:PutObject` */
  action: string;
  /** The ARN, or `*` for actions that know no resource. */
  resource: string;
  /** Condition keys of this call: `s3:prefix`, … */
  context?: Record<string, string | string[]>;
  /** The policy of the resource: a bucket's, a queue's or a function's. It was checked when it was declared. */
  resourcePolicy?: HeldPolicy;
  secure?: boolean;
}

export interface Iam {
  /** Returns when the call is allowed; else throws an AwsError `AccessDenied` (403) worded as AWS words it. */
  authorize(question: AccessQuestion): void;
  /** Credentials with which a role's execution environment signs, valid for some hours. */
  credentialsOf(roleArn: string): SessionCredentials;
  /** The owner of the local account. */
  readonly owner: Credentials;
  /** The principal of an access key, with its secret, or undefined. The keys may have expired. */
  lookup(accessKeyId: string): KeyRecord | undefined;
  /** Throws AccessDenied unless the role's trust policy lets this service assume it. */
  assume(roleArn: string, service: Principal): Principal;
}

/** IAM with the declaration of roles and policies. They live in memory: each run declares its own. */
export interface LocalIam extends Iam {
  /** Creates or replaces a role. Throws AwsError when the trust policy is not valid. */
  putRole(role: { arn: string; trustPolicy: unknown }): void;
  /** Creates or replaces an inline policy of a role. Throws AwsError when it is not valid or there is no such role. */
  putRolePolicy(roleName: string, policyName: string, policy: unknown): void;
  /** The roles' own policies and trust policies. */
  policies(): RolePolicies[];
  /** Calls `listener` with each decision; returns what ends that. */
  onDecision(listener: (decision: AccessDecision) => void): () => void;
}

interface RolePolicies {
  arn: string;
  trustPolicy: HeldPolicy;
  policies: readonly HeldPolicy[];
}

const roleNameOf = (arn: string): string => arn.split("/").at(-1) ?? "";

/** The local owner may do everything that no resource policy denies. */
const ownerPolicy = (holder: string): HeldPolicy => ({
  holder,
  name: "owner",
  document: { Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
});

/** @param options.now milliseconds since 1970; a test's own clock */
export function createIam(options: { db: DatabaseSync; place: Place; now?: () => number }): LocalIam {
  return new DeclaredIam(options.db, options.place, options.now ?? Date.now);
}

class DeclaredIam implements LocalIam {
  private readonly keys: KeyRing;
  private readonly roles = new Map<string, RolePolicies>();
  private readonly listeners = new Set<(decision: AccessDecision) => void>();
  readonly owner;

  constructor(
    db: DatabaseSync,
    private readonly place: Place,
    now: () => number,
  ) {
    this.keys = new KeyRing(db, place.accountId, now);
    this.owner = this.keys.ofUser(`arn:aws:iam::${place.accountId}:user/local`);
  }

  putRole({ arn, trustPolicy }: { arn: string; trustPolicy: unknown }): void {
    const name = roleNameOf(arn);
    const document = parsePolicy(trustPolicy, "trust", `trust policy of role ${name}`);
    this.roles.set(name, {
      arn,
      trustPolicy: { holder: arn, name: "trust policy", document },
      policies: this.roles.get(name)?.policies ?? [],
    });
  }

  putRolePolicy(roleName: string, policyName: string, policy: unknown): void {
    const role = this.roles.get(roleName);
    if (role === undefined) throw noSuchRole(roleName);
    const document = parsePolicy(policy, "identity", `policy ${policyName} of role ${roleName}`);
    const others = role.policies.filter(({ name }) => name !== policyName);
    const policies = [...others, { holder: role.arn, name: policyName, document }];
    this.roles.set(roleName, { ...role, policies });
  }

  policies(): RolePolicies[] {
    return [...this.roles.values()];
  }

  onDecision(listener: (decision: AccessDecision) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  lookup(accessKeyId: string): ReturnType<Iam["lookup"]> {
    return this.keys.lookup(accessKeyId);
  }

  credentialsOf(roleArn: string): ReturnType<Iam["credentialsOf"]> {
    this.role(roleArn);
    return this.keys.ofRole(roleArn);
  }

  authorize(question: AccessQuestion): void {
    this.decide(question, this.policiesOf(question.principal));
  }

  assume(roleArn: string, service: Principal): Principal {
    const { trustPolicy } = this.role(roleArn);
    const question = { principal: service, action: "sts:AssumeRole", resource: roleArn, resourcePolicy: trustPolicy };
    this.decide(question, [], "role trust policy");
    return { kind: "role", arn: roleArn, accountId: this.place.accountId };
  }

  private decide(
    question: AccessQuestion,
    identityPolicies: readonly HeldPolicy[],
    resourcePolicyType: "resource-based policy" | "role trust policy" = "resource-based policy",
  ): void {
    const context = this.contextOf(question);
    const access: AccessCase = { ...question, context, identityPolicies, accountId: this.place.accountId };
    const decision = evaluate(access);
    const denial = decision.allowed
      ? undefined
      : accessDenied(
          question,
          decision.explicit,
          decision.source === "identity" ? "identity-based policy" : resourcePolicyType,
        );
    if (this.listeners.size > 0) {
      const { principal, action, resource } = question;
      const told: AccessDecision = {
        caller: { kind: principal.kind, arn: principal.arn },
        action,
        resource,
        context: Object.fromEntries(decision.asked.map((key) => [key, context.get(key) ?? null])),
        ...(decision.allowed ? { allowedBy: decision.by } : { denied: denial?.message ?? "" }),
      };
      for (const listener of this.listeners) listener(told);
    }
    if (denial !== undefined) throw denial;
  }

  private role(arn: string): RolePolicies {
    const role = this.roles.get(roleNameOf(arn));
    if (role?.arn !== arn) throw noSuchRole(roleNameOf(arn));
    return role;
  }

  private policiesOf(principal: Principal): readonly HeldPolicy[] {
    if (principal.kind === "user") return [ownerPolicy(principal.arn)];
    if (principal.kind !== "role") return [];
    const role = this.roles.get(roleNameOf(principal.arn));
    return role?.arn === principal.arn ? role.policies : [];
  }

  private contextOf({ principal, context, secure }: AccessQuestion): Context {
    const identified = principal.kind === "user" || principal.kind === "role";
    const keys: Record<string, string | string[] | undefined> = {
      ...context,
      "aws:PrincipalType": principalTypes[principal.kind],
      "aws:SecureTransport": String(secure ?? true),
      "aws:RequestedRegion": this.place.region,
      "aws:PrincipalIsAWSService": String(principal.kind === "service"),
      "aws:PrincipalServiceName": principal.kind === "service" ? principal.arn : undefined,
      "aws:PrincipalArn": identified ? principal.arn : undefined,
      "aws:PrincipalAccount": identified ? principal.accountId : undefined,
      "aws:SourceArn": principal.sourceArn,
      "aws:SourceAccount": principal.sourceAccount,
    };
    return new Map(
      Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [[key.toLowerCase(), value]])),
    );
  }
}

const principalTypes: Record<Principal["kind"], string | undefined> = {
  user: "User",
  role: "AssumedRole",
  anonymous: "Anonymous",
  service: undefined,
};

const noSuchRole = (name: string): AwsError =>
  new AwsError(404, "NoSuchEntity", `The role with name ${name} cannot be found.`);

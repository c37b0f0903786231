import { join } from "node:path";
import { AwsError, notImplemented } from "../http/awsError";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import type { HeldPolicy, PolicyStatement } from "../iam/policyDocument";
import type { Principal } from "../iam/principal";
import { parsePolicy } from "../iam/validatePolicy";
import { materialise } from "./archive";
import { type FunctionConfig, reservedVariables, runtimes } from "./functionConfig";

/** A function as a program declares it; what is left out has Lambda's default. */
export interface FunctionDeclaration {
  name: string;
  /** A Pulumi archive. */
  code: unknown;
  handler: string;
  runtime: string;
  role: string;
  timeoutSeconds?: number;
  memoryMb?: number;
  environment?: Record<string, string>;
  /** ARNs of layer versions. */
  layers?: string[];
  tracing?: boolean;
  logGroup?: string;
  logFormat?: "Text" | "JSON";
  applicationLogLevel?: string;
  /** −1 or absent: unreserved. */
  reservedConcurrency?: number;
  description?: string;
}

/** One statement of a function's resource policy. */
export interface PermissionDeclaration {
  statementId: string;
  /** Name or ARN. */
  functionName: string;
  action: string;
  principal: string;
  sourceArn?: string;
  sourceAccount?: string;
}

const invalid = (message: string): AwsError => new AwsError(400, "InvalidParameterValueException", message);

/** The functions, layers and permissions that a program declared. */
export class FunctionRegistry {
  private readonly functions = new Map<string, FunctionConfig>();
  private readonly layers = new Map<string, string>();
  private readonly permissions = new Map<string, Map<string, PolicyStatement>>();

  constructor(private readonly options: { dir: string; iam: Iam; place: Place; now: () => number }) {}

  arnOf(nameOrArn: string): string {
    if (nameOrArn.startsWith("arn:")) return nameOrArn.split(":").slice(0, 7).join(":"); // Without a qualifier.
    const { partition, region, accountId } = this.options.place;
    return `arn:${partition}:lambda:${region}:${accountId}:function:${nameOrArn}`;
  }

  list(): FunctionConfig[] {
    return [...this.functions.values()];
  }

  find(nameOrArn: string): FunctionConfig | undefined {
    return this.functions.get(this.arnOf(nameOrArn));
  }

  /** @throws ResourceNotFoundException */
  get(nameOrArn: string): FunctionConfig {
    const config = this.find(nameOrArn);
    if (config !== undefined) return config;
    throw new AwsError(404, "ResourceNotFoundException", `Function not found: ${this.arnOf(nameOrArn)}`);
  }

  async declare(declaration: FunctionDeclaration): Promise<FunctionConfig> {
    const { name, handler, runtime, role, timeoutSeconds = 3, memoryMb = 128, environment = {} } = declaration;
    if (!runtimes.includes(runtime)) {
      throw notImplemented(`the runtime ${runtime} of function ${name}; it runs ${runtimes.join(" and ")}`);
    }
    checkRange(name, "Timeout", timeoutSeconds, 1, 900);
    checkRange(name, "MemorySize", memoryMb, 128, 10_240);
    const reserved = Object.keys(environment).find((variable) => reservedVariables.includes(variable));
    if (reserved !== undefined) {
      throw invalid(
        `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved}`,
      );
    }
    checkEnvironment(environment);
    const config: FunctionConfig = {
      name,
      handler,
      runtime,
      role,
      timeoutSeconds,
      memoryMb,
      environment,
      arn: this.arnOf(name),
      codeFolder: await materialise(declaration.code, join(this.options.dir, "code"), `function ${name}`),
      principal: this.assume(role),
      layerFolders: (declaration.layers ?? []).map((arn) => this.layerFolder(arn)),
      tracing: declaration.tracing ?? false,
      logGroup: declaration.logGroup ?? `/aws/lambda/${name}`,
      logFormat: declaration.logFormat ?? "Text",
      applicationLogLevel: declaration.applicationLogLevel,
      reservedConcurrency: (declaration.reservedConcurrency ?? -1) < 0 ? undefined : declaration.reservedConcurrency,
      description: declaration.description,
      lastModified: new Date(this.options.now()).toISOString(),
    };
    this.functions.set(config.arn, config);
    return config;
  }

  remove(nameOrArn: string): void {
    this.functions.delete(this.arnOf(nameOrArn));
    this.permissions.delete(this.arnOf(nameOrArn));
  }

  async declareLayer({ arn, code }: { arn: string; code: unknown }): Promise<void> {
    this.layers.set(arn, await materialise(code, join(this.options.dir, "layers"), `layer ${arn}`));
  }

  declarePermission(permission: PermissionDeclaration): void {
    const arn = this.get(permission.functionName).arn;
    const statements = this.permissions.get(arn) ?? new Map<string, PolicyStatement>();
    const statement = statementOf(permission, arn);
    parsePolicy({ Statement: statement }, "resource", `permission ${permission.statementId} of ${arn}`);
    this.permissions.set(arn, statements.set(permission.statementId, statement));
  }

  /** The resource policies of all functions that have permissions. */
  policies(): HeldPolicy[] {
    return [...this.permissions].map(([holder, statements]) => ({
      holder,
      name: "function policy",
      document: { Version: "2012-10-17", Statement: [...statements.values()] },
    }));
  }

  private assume(role: string): Principal {
    const { iam, place } = this.options;
    try {
      return iam.assume(role, { kind: "service", arn: "lambda.amazonaws.com", accountId: place.accountId });
    } catch (error) {
      throw invalid(`The role defined for the function cannot be assumed by Lambda. (${String(error)})`);
    }
  }

  private layerFolder(arn: string): string {
    const folder = this.layers.get(arn);
    if (folder !== undefined) return folder;
    throw invalid(`Layer version ${arn} does not exist.`);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function checkEnvironment(environment: Record<string, string>): void {
  const text = JSON.stringify(environment);
  if (Buffer.byteLength(text) <= 4096) return;
  throw invalid(
    "Lambda was unable to configure your environment variables because the environment variables you have provided " +
      `exceeded the 4KB limit. String measured: ${text}`,
  );
}

function checkRange(name: string, property: string, value: number, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw invalid(
    `${property} of function ${name} is ${value}; it must be a whole number from ${minimum} to ${maximum}.`,
  );
}

function statementOf({ statementId, action, principal, sourceArn, sourceAccount }: PermissionDeclaration, arn: string) {
  const service = principal.endsWith(".amazonaws.com");
  const statement: PolicyStatement = {
    Sid: statementId,
    Effect: "Allow",
    Principal: service ? { Service: principal } : principal === "*" ? "*" : { AWS: principal },
    Action: action,
    Resource: arn,
  };
  const condition = {
    ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": sourceAccount } }),
  };
  return Object.keys(condition).length === 0 ? statement : { ...statement, Condition: condition };
}

import type * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

import { plainInputs } from "./wireValues";
import type { Inputs } from "../resourceType";

/** One registration, as the program asked for it. */
export interface Registration {
  type: string;
  name: string;
  /** False for a component. */
  custom: boolean;
  inputs: Inputs;
  /** URN. */
  parent?: string;
  /** URNs of the resources that it depends on, by data flow or `dependsOn`. */
  dependencies: string[];
  /** Of those, the ones that each input property comes from. */
  propertyDependencies: Record<string, string[]>;
  /** URN of the provider that it belongs to. */
  provider?: string;
  protect: boolean;
  retainOnDelete: boolean;
  /** The line of the program that declares it, where positions are asked for. */
  declaredAt?: SourcePosition;
}
interface SourcePosition {
  /** `file:` URL. */
  uri: string;
  /** From 1. */
  line: number;
}
export interface Answer {
  /** Empty for a component. */
  id: string;
  state: Inputs;
}
export interface Answers {
  register(registration: Registration): Answer;
  /** Called once the resource has its URN. */
  registered(registration: Registration, urn: string): void;
  invoke(token: string, args: Inputs): Inputs;
}

/** Replaces Pulumi's engine while a program runs, and records every registration with its options. */
export class Recorder extends MockMonitor {
  constructor(
    private readonly answers: Answers,
    private readonly positions = false,
  ) {
    let registration: Registration | undefined;
    super({
      newResource: () => {
        if (!registration) throw new Error("reading existing resources (`.get`) is not supported");
        return answers.register(registration);
      },
      call: ({ token, inputs }: pulumi.runtime.MockCallArgs) => answers.invoke(token, inputs as Inputs),
    });
    this.begin = (next) => (registration = next);
  }

  private readonly begin: (registration: Registration | undefined) => void;

  override async registerResource(
    request: RegisterResourceRequest,
    callback: (error: unknown, response: { getUrn(): string } | undefined) => void,
  ): Promise<void> {
    const declaredAt = this.positions ? declaredAtOf(request) : undefined;
    const registration = { ...registrationOf(request), ...(declaredAt ? { declaredAt } : {}) };
    // The base class asks for the new resource before it first waits.
    this.begin(registration);
    const done = super.registerResource(request, (error: unknown, response: { getUrn(): string } | undefined) => {
      if (response) this.answers.registered(registration, response.getUrn());
      callback(error, response);
    });
    this.begin(undefined);
    await done;
  }
}

function registrationOf(request: RegisterResourceRequest): Registration {
  // `<URN>::<id>`
  const provider = request.getProvider().split("::").slice(0, 4).join("::");
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: plainInputs(request.getObject()?.toJavaScript() ?? {}),
    ...(request.getParent() === "" ? {} : { parent: request.getParent() }),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      Array.from(request.getPropertydependenciesMap().entries(), ([name, from]) => [name, from.getUrnsList()]),
    ),
    ...(provider === "" ? {} : { provider }),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
  };
}

/** The first line outside packages of those that led to the resource: Pulumi sends them all. */
function declaredAtOf(request: RegisterResourceRequest): SourcePosition | undefined {
  return (request.getStacktrace()?.getFramesList() ?? [])
    .flatMap((frame) => frame.getPc() ?? [])
    .map((at) => ({ uri: at.getUri(), line: at.getLine() }))
    .find(({ uri }) => uri !== "" && !uri.includes("/node_modules/"));
}

import { completeState, withDefaultTags, withName } from "../completion";
import { errorMessage } from "../errorMessage";
import { answerInvoke } from "./invokes";
import { physicalName } from "./naming";
import type { Answer, Answers, Registration } from "./recorder";
import { resourceTypes } from "../resources";
import type { Declared, Inputs, ResourceType } from "../resourceType";
import type { Place } from "../place";

/** A resource or component of a program. */
export interface GatheredResource extends Declared, Omit<Registration, "inputs"> {
  urn: string;
  /** Inputs as the program gave them; `inputs` has the physical name and the provider's default tags as well. */
  given: Inputs;
}

/** Answers a program's registrations by the table of resource types, and keeps them. */
export class Declarations implements Answers {
  readonly resources: GatheredResource[] = [];
  private readonly problems: string[] = [];
  private readonly taken = new Map<Registration, Omit<GatheredResource, "urn">>();
  /** By the provider's URN. */
  private readonly defaultTags = new Map<string, Record<string, string>>();

  constructor(private readonly stack: { project: string; stack: string; place: Place }) {}

  register(registration: Registration): Answer {
    const { type, name, custom, inputs: given } = registration;
    const resourceType = resourceTypes[type];
    let inputs = given;
    let answer: Answer = { id: custom ? name : "", state: given };
    if (resourceType) {
      inputs = this.complete(registration, resourceType);
      this.refuseUnsupported(registration, resourceType);
      answer = completeState(type, resourceType, { name, inputs, place: this.stack.place });
    } else if (custom && !type.startsWith("pulumi:providers:")) {
      this.problems.push(`${type} ${name}: resource type ${type} is not supported`);
    }
    this.taken.set(registration, { ...registration, ...answer, inputs, given });
    return answer;
  }

  registered(registration: Registration, urn: string): void {
    const resource = this.taken.get(registration);
    if (!resource) return;
    this.resources.push({ ...resource, urn });
    const tags = resource.type === "pulumi:providers:aws" ? resource.given.defaultTags : undefined;
    if (typeof tags === "string") {
      this.defaultTags.set(urn, (JSON.parse(tags) as { tags?: Record<string, string> }).tags ?? {});
    }
  }

  invoke(token: string, args: Inputs): Inputs {
    try {
      return answerInvoke(token, args, this.stack.place);
    } catch (error) {
      this.problems.push(errorMessage(error));
      throw error;
    }
  }

  /** Throws one Error that lists everything unsupported. */
  refuseProblems(): void {
    if (this.problems.length === 0) return;
    const list = [...new Set(this.problems)].map((problem) => `  ${problem}`);
    throw new Error(`the program uses what the embedded AWS does not have:\n${list.join("\n")}`);
  }

  /** Adds the physical name and the provider's default tags to the program's inputs. */
  private complete(registration: Registration, resourceType: ResourceType): Inputs {
    const { type, name, inputs, provider = "" } = registration;
    const tagged = withDefaultTags(resourceType, inputs, this.defaultTags.get(provider) ?? {});
    return withName(resourceType, tagged, () => physicalName({ ...this.stack, type, name, inputs }, resourceType));
  }

  private refuseUnsupported({ type, name, inputs }: Registration, { properties }: ResourceType): void {
    for (const property of Object.keys(inputs)) {
      if (!properties.includes(property)) {
        this.problems.push(`${type} ${name}: property ${property} is not supported`);
      }
    }
  }
}

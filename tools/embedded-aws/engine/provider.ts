import { completeState, withDefaultTags, withName } from "../completion";
import type { Inputs, ResourceType } from "../resourceType";
import type { Place } from "../place";
import { problemsOf, type Problem, type Schema } from "./inputTypes";
import { hasUnknown, hideUnknowns, isRecord, omit, restoreUnknowns, same, UNKNOWN } from "./values";

/** The input that lists the properties which the provider filled in. The engine does not show it. */
const DEFAULTS = "__defaults";

/** A resource as the engine names it in a call. */
export interface Subject {
  urn: string;
  /** Resource type token. */
  type: string;
  /** Logical name. */
  name: string;
}

export interface ProviderOptions {
  /** The table that the local run and the unit tests use as well. */
  types: Record<string, ResourceType>;
  schema: Schema;
  /** A data source's answer, or an error that names what is unknown. */
  invoke(token: string, args: Inputs, place: Place): Inputs;
  /** A physical name, always the same for the same inputs. */
  nameFor(type: ResourceType, subject: Subject, inputs: Inputs): string;
  /** Account and addresses of AWS in a region. */
  placeIn(region: string): Place;
}

/** The region of a provider that was given none. */
const DEFAULT_REGION = "us-east-1";

/** Answers the Pulumi engine as AWS's provider does, without AWS: each method is one call of the engine's protocol. */
export class AwsProvider {
  private region = DEFAULT_REGION;
  private defaultTags: Record<string, unknown> = {};

  constructor(private readonly options: ProviderOptions) {}

  /** Takes the provider's own configuration, in which the engine passes everything but text as JSON. */
  configure(config: Inputs): void {
    const { region, defaultTags } = parsed(config);
    if (typeof region === "string") this.region = region;
    const tags = isRecord(defaultTags) ? defaultTags.tags : undefined;
    this.defaultTags = isRecord(tags) ? tags : {};
  }

  checkConfig(config: Inputs): Problem[] {
    const own = omit(parsed(config), "version", "pluginDownloadURL");
    return problemsOf(this.options.schema, "pulumi:providers:aws", own);
  }

  /** A provider of another region is another provider, and all its resources with it. */
  diffConfig(olds: Inputs, news: Inputs): string[] {
    return same(olds.region, news.region) ? [] : ["region"];
  }

  /**
   * Checks a resource's inputs and completes them with its physical name and the provider's default tags.
   * @param olds the inputs of the resource as it exists, if it does
   */
  check(subject: Subject, olds: Inputs | undefined, news: Inputs): { inputs: Inputs; problems: Problem[] } {
    const type = this.options.types[subject.type];
    if (!type) {
      const reason = `resource type ${subject.type} is not in the table of resource types`;
      return { inputs: news, problems: [{ path: "", reason }] };
    }
    const problems = problemsOf(this.options.schema, subject.type, news);
    const tagged = withDefaultTags(type, news, this.defaultTags);
    return { inputs: problems.length === 0 ? this.named(type, subject, olds, tagged) : tagged, problems };
  }

  /** The properties whose change replaces the resource, and whether the old one has to go first. */
  diff(subject: Subject, oldInputs: Inputs, news: Inputs): { replaces: string[]; deleteBeforeReplace: boolean } {
    const type = this.typeOf(subject);
    const replaces = type.replaceOn.filter((property) => !same(oldInputs[property], news[property]));
    const named = type.autoname?.property;
    const keepsName = named !== undefined && named in news && same(oldInputs[named], news[named]);
    return { replaces, deleteBeforeReplace: replaces.length > 0 && keepsName };
  }

  /** The new resource's id and outputs; what follows from unknown inputs is unknown, an unknown id is empty. */
  create(subject: Subject, inputs: Inputs): { id: string; state: Inputs } {
    const { id, ...state } = this.stateOf(subject, inputs);
    return { id: id === UNKNOWN ? "" : String(id), state };
  }

  /**
   * The outputs after an update. A computed output that the change does not touch stays as it was, so that a resource
   * renamed with an alias keeps its identity.
   */
  update(subject: Subject, oldState: Inputs, oldInputs: Inputs, news: Inputs): Inputs {
    const before = omit(this.stateOf(subject, oldInputs), "id");
    const after = omit(this.stateOf(subject, news), "id");
    for (const [property, value] of Object.entries(after)) {
      const kept = oldState[property];
      if (!(property in news) && kept !== undefined && same(before[property], value)) after[property] = kept;
    }
    return after;
  }

  invoke(token: string, args: Inputs): Inputs {
    return restoreUnknowns(this.options.invoke(token, hideUnknowns(args), this.options.placeIn(this.region)));
  }

  private typeOf(subject: Subject): ResourceType {
    const type = this.options.types[subject.type];
    if (!type) throw new Error(`${subject.urn}: resource type ${subject.type} is not known`);
    return type;
  }

  /** Fills in the name, and notes that; a name that was filled in before stays. */
  private named(type: ResourceType, subject: Subject, olds: Inputs | undefined, inputs: Inputs): Inputs {
    const property = type.autoname?.property ?? "";
    const filledBefore = olds?.[DEFAULTS];
    const before = Array.isArray(filledBefore) && filledBefore.includes(property) ? olds?.[property] : undefined;
    const forcing = Object.fromEntries(type.replaceOn.map((name) => [name, inputs[name]]));
    const nameFor = () => (hasUnknown(forcing) ? UNKNOWN : this.options.nameFor(type, subject, inputs));
    const named = withName(type, inputs, () => before ?? nameFor());
    return named === inputs ? inputs : { ...named, [DEFAULTS]: [property] };
  }

  private stateOf(subject: Subject, inputs: Inputs): Inputs {
    const declared = omit(hideUnknowns(inputs), DEFAULTS);
    const region = typeof declared.region === "string" ? declared.region : this.region;
    const place = this.options.placeIn(region);
    const resource = { name: subject.name, inputs: declared, place };
    const { id, state } = completeState(subject.type, this.typeOf(subject), resource);
    if (id === "") throw new Error(`${subject.urn}: the table of resource types gave it no id`);
    return restoreUnknowns({ ...state, id });
  }
}

/** Provider configuration with its JSON texts read; text that is not JSON is meant as it stands. */
function parsed(config: Inputs): Inputs {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (typeof value !== "string" || !/^[[{]|^(true|false|\d+)$/.test(value)) return [key, value];
      try {
        return [key, JSON.parse(value) as unknown];
      } catch {
        return [key, value];
      }
    }),
  );
}

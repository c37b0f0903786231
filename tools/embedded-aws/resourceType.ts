import type { Place } from "./place";

/** Plain inputs of a resource: what the program declared, with every output resolved. */
export type Inputs = Record<string, unknown>;

/** A resource as the program declared it and this table answered it. */
export interface Declared {
  /** Pulumi type token: `aws:sqs/queue:Queue`. */
  type: string;
  /** Logical name. */
  name: string;
  inputs: Inputs;
  id: string;
  /** All outputs: inputs, defaults and what AWS computes. */
  state: Inputs;
}

/**
 * How one resource type behaves. One table of these (`resources.ts`) serves the local run, the mocks of the unit tests
 * and the provider that runs under the real engine, so that the three cannot disagree.
 */
export interface ResourceType<Services = unknown> {
  /**
   * Input properties that the embedded AWS understands, or accepts knowing that they change nothing here. Any other
   * property is refused by name when the local run starts.
   */
  properties: readonly string[];
  /** The property that gets the physical name `<logical name>-<7 hex digits>` when the program leaves it out. */
  autoname?: { property: string; maxLength: number; prefixProperty?: string };
  /** Properties whose change replaces the resource. Names are always among them. */
  replaceOn: readonly string[];
  /** True when replacing or deleting the resource destroys what users stored in it. */
  holdsData?: boolean;
  /** Outputs for inputs that the program leaves out. */
  defaults?: Inputs;
  /**
   * The id and the outputs that AWS computes. Region, tags, defaults and inputs are added by `completion.ts`. Pure: the
   * same inputs give the same outputs. Values of inputs are only joined as text or passed on, never parsed or measured,
   * because a preview has placeholders for values that are not known yet.
   */
  outputs(resource: { name: string; inputs: Inputs; place: Place }): { id: string } & Inputs;
  /** Brings the declared resource into being, or up to date, in the embedded AWS. Absent: accepted and only kept. */
  apply?(services: Services, resource: Declared): void | Promise<void>;
}

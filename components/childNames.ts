/** How a component names the resources below it. */
export interface ChildNames {
  /**
   * Stands in front of the logical name of every part. Default: the component's own name and a dash, so that a stack can
   * hold several instances. The service itself passes `""`: its queues and functions carry the product's names.
   */
  prefix?: string;
}

/** The logical name of each part of the component called `name`. */
export const childNames =
  (name: string, { prefix = `${name}-` }: ChildNames) =>
  (part: string): string =>
    `${prefix}${part}`;

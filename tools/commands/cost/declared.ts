/** A resource of the stack, as far as its price depends on it. */
export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

import { billOf, type Line } from "./bill";
import type { Declared } from "./declared";
import type { Measured } from "./measured";
import type { Prices } from "./prices";
import type { Use } from "./use";

/** The cost of a million uploads beside S3's PUT requests where one thing is decided otherwise; USD, use alone. */
interface Decision {
  name: string;
  usdPerMillion: number;
}
/** Decisions that lower the cost, each alone, and what is left where all of them are taken. */
export interface Decisions {
  asItIs: number;
  each: Decision[];
  all: number;
  /** Of `all`. */
  left: Line[];
}

interface Case {
  resources: readonly Declared[];
  measured: Measured;
  use: Use;
}

/** Each with what it changes of a stack, of its path, or of its use. */
const choices: Record<string, (given: Case) => Partial<Case>> = {
  "no status requests: clients take the events": ({ use }) => ({ use: { ...use, gets: 0 } }),
  "clients with rights on the bucket store uploads there, not through the API": ({ use }) => ({
    use: { ...use, direct: true },
  }),
  "no events: without `ImageEvents` in index.ts": ({ measured }) => ({ measured: withoutEvents(measured) }),
  "setting `tracing: false`": ({ resources }) => ({ resources: resources.map(untraced) }),
  "100 uploads a second while there are any, in full batches": ({ use }) => ({
    use: { ...use, perSecond: 100, fullBatches: true },
  }),
};

/** The decisions about a stack, and what they are worth to this use of it. */
export function decisionsOf(resources: readonly Declared[], measured: Measured, prices: Prices, use: Use): Decisions {
  const asItIs: Case = { resources, measured, use: { ...use, images: 1e6, views: 0 } };
  const linesOf = (given: Case): Line[] =>
    billOf(given.resources, given.measured, prices, given.use).filter(
      ({ kind, price }) => kind === "use" && price !== "s3Put",
    );
  const all = Object.values(choices).reduce((given, choose) => ({ ...given, ...choose(given) }), asItIs);
  const each = Object.entries(choices).map(([name, choose]) => ({
    name,
    usdPerMillion: total(linesOf({ ...asItIs, ...choose(asItIs) })),
  }));
  const left = linesOf(all);
  return { asItIs: total(linesOf(asItIs)), each, all: total(left), left };
}

const total = (lines: readonly Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

function withoutEvents(measured: Measured): Measured {
  const put = Object.fromEntries(Object.entries(measured.paths.put).filter(([name]) => name !== "ImageEventProcess"));
  return { ...measured, paths: { ...measured.paths, put } };
}

function untraced(resource: Declared): Declared {
  const { tracingConfig, xrayTracingEnabled, ...inputs } = resource.inputs;
  return tracingConfig === undefined && xrayTracingEnabled === undefined ? resource : { ...resource, inputs };
}

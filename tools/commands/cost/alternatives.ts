import { billOf, type Line } from "./bill";
import type { Declared } from "./declared";
import type { Measured } from "./measured";
import type { Prices } from "./prices";
import type { Use } from "./use";

/** Another way to the same renditions, and what a million uploads cost in it; USD, use alone. */
export interface Alternative {
  name: string;
  usdPerMillion: number;
}

type Pricing = (by: Measured, otherwise?: Partial<Use>) => Line[];

const MAKER = "ResolutionBasedImagePutProcess";

/** This stack, the same with plain sharp, and renditions made when they are first asked for. */
export function alternatives(
  resources: readonly Declared[],
  measured: Measured,
  prices: Prices,
  use: Use,
): Alternative[] {
  const million = { ...use, images: 1e6, views: 0 };
  const priced: Pricing = (by, otherwise) =>
    billOf(resources, by, prices, { ...million, ...otherwise }).filter(({ kind }) => kind === "use");
  const plain = withCpu(measured, (cpuMs) => cpuMs - measured.renditionsMs + measured.plainSharpMs);
  return [
    { name: "this stack", usdPerMillion: total(priced(measured)) },
    { name: "this stack with plain sharp", usdPerMillion: total(priced(plain)) },
    { name: "each rendition made when it is first asked for", usdPerMillion: onDemand(priced, measured) },
  ];
}

/**
 * Renditions on demand: the upload is stored and recorded all the same; each rendition decodes the original again, by plain
 * sharp, in an invocation of its own behind the API, and is kept by a cache instead of S3.
 */
function onDemand(priced: Pricing, measured: Measured): number {
  const { count } = measured.renditions;
  const made = measured.paths.put[MAKER];
  if (!made) throw new Error(`${MAKER} was not measured: run "npx snail cost measure"`);
  const calls = { "dynamodb:GetItem": 1, "s3:GetObject": 1 };
  const one = { ...made, cpuMs: made.cpuMs - measured.renditionsMs + measured.plainSharpMs / count, calls };
  const put = Object.fromEntries(Object.entries(measured.paths.put).filter(([name]) => name !== MAKER));
  const paths = { put, get: measured.paths.get, delete: measured.paths.delete };
  const taking = total(priced({ ...measured, paths }));
  // A path of one part: the request for a rendition.
  const asking = total(
    priced(
      { ...measured, paths: { put: { [MAKER]: one }, get: {}, delete: {} } },
      { images: count * 1e6, gets: 0, deletes: 0, direct: false },
    ),
  );
  return taking + asking;
}

function withCpu(measured: Measured, change: (cpuMs: number) => number): Measured {
  const { put } = measured.paths;
  const made = put[MAKER];
  if (!made) throw new Error(`${MAKER} was not measured: run "npx snail cost measure"`);
  return {
    ...measured,
    paths: { ...measured.paths, put: { ...put, [MAKER]: { ...made, cpuMs: change(made.cpuMs) } } },
  };
}

const total = (lines: readonly Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

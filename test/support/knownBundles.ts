import * as pulumi from "@pulumi/pulumi";

const { serializeFunction } = pulumi.runtime;
const bundles = new WeakMap<object, ReturnType<typeof serializeFunction>>();
let running = 0;

const serializeOnce: typeof serializeFunction = (func, options) => {
  if (running === 0) return serializeFunction(func, options);
  const bundle = bundles.get(func) ?? serializeFunction(func, options);
  bundles.set(func, bundle);
  return bundle;
};
Object.assign(pulumi.runtime, { serializeFunction: serializeOnce });

/**
 * Runs a program in which a function is serialised only where no earlier program of this process did it: that takes most
 * of the time of a program. `test/bundles.test.ts` looks at bundles that are made each time.
 */
export async function withKnownBundles<T>(run: () => Promise<T>): Promise<T> {
  running++;
  try {
    return await run();
  } finally {
    running--;
  }
}

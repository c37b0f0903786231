/**
 * Which folder may import what, as allow-lists: one rule per place. Every other import is refused, and so is a file in
 * a place without a rule. Node's own modules are free to all. `test/boundaries.test.ts` tries every pair of places.
 */
const handlers = "^handlers/";
const shapes = ["^handlers/(ports|imagePorts|records|imageTypes)\\.ts$"];
const garbage = "^handlers/garbage\\.ts$";
const imageSchemas = "^handlers/imageSchemas\\.ts$";
const product = [
  "^(index|settings|settingsSchema)\\.ts$",
  "^(account|components|layer|github-roles)/",
  handlers,
  "^package\\.json$",
];
const doors = ["^tools/embedded-aws/(index|engine/index)\\.ts$", "^tools/fault-search/index\\.ts$"];
const moreDoors = [...doors, "^tools/commands/index\\.ts$", "^tools/bench/index\\.ts$"];
const consoleDoor = "^tools/console/index\\.ts$";
const policy = "^policy/(?!test/)";
const client = "^client/index\\.ts$";
const packages = (...names) => names.map((name) => `^node_modules/(@types/)?${name}(/|$)`);
const anyPackage = "^node_modules/";
const anyPackageButSharp = "^node_modules/(?!sharp/|@img/)";

/** Name of the rule, the place, and what it may import beside files of its own. */
const places = [
  // The product.
  [
    "index-imports-settings-components-layer",
    "^index\\.ts$",
    "^settings\\.ts$",
    "^(components|layer)/",
    ...packages("@pulumi"),
  ],
  [
    "settings-import-image-types",
    "^settings(Schema)?\\.ts$",
    "^handlers/imageTypes\\.ts$",
    imageSchemas,
    ...packages("@pulumi", "valibot"),
  ],
  [
    "components-import-handler-entries",
    "^components/",
    "^handlers/entries/",
    "^handlers/imageTypes\\.ts$",
    "^layer/decoder\\.ts$",
    "^package\\.json$",
    ...packages("@pulumi"),
  ],
  ["layer-imports-itself", "^layer/", "^package\\.json$", ...packages("@pulumi", "esbuild")],
  ["account-imports-grants", "^account/", "^components/grants\\.ts$", ...packages("@pulumi")],
  ["github-roles-import-themselves", "^github-roles/", ...packages("@pulumi")],
  ["shapes-import-shapes", shapes[0]],
  ["garbage-imports-nothing", garbage],
  ["image-schemas-import-image-types", imageSchemas, "^handlers/imageTypes\\.ts$", ...packages("valibot")],
  ["protocol-imports-shapes", "^handlers/protocol/", ...shapes, imageSchemas, garbage, ...packages("valibot")],
  ["adapters-import-shapes-and-sdk", "^handlers/aws/", ...shapes, garbage, ...packages("@aws-sdk")],
  ["image-imports-shapes-and-readers", "^handlers/image/", ...shapes, garbage, ...packages("sharp", "thumbhash")],
  [
    "entries-import-handlers",
    "^handlers/entries/",
    handlers,
    ...packages("@aws-lambda-powertools", "aws-lambda", "valibot"),
  ],
  // The client of the API: it is copied into other projects.
  ["client-imports-itself", "^client/", ...packages("openapi-fetch", "aws4fetch")],
  // The policy pack.
  ["policy-imports-itself", "^policy/", anyPackageButSharp],
  // The tools, their tests first.
  ["embedded-aws-tests-import-embedded-aws", "^tools/embedded-aws/test/", "^tools/embedded-aws/", anyPackageButSharp],
  ["embedded-aws-imports-itself", "^tools/embedded-aws/(?!test/)", anyPackageButSharp],
  [
    "fault-search-tests-import-handlers-and-doors",
    "^tools/fault-search/test/",
    "^tools/fault-search/",
    handlers,
    ...doors,
    anyPackage,
  ],
  ["fault-search-imports-handlers", "^tools/fault-search/(?!test/)", handlers, anyPackage],
  [
    "commands-tests-import-product-and-doors",
    "^tools/commands/test/",
    "^tools/commands/",
    ...product,
    client,
    policy,
    ...doors,
    consoleDoor,
    anyPackage,
  ],
  [
    "commands-import-product-and-doors",
    "^tools/commands/(?!test/)",
    ...product,
    client,
    policy,
    ...doors,
    consoleDoor,
    anyPackage,
  ],
  [
    "console-page-imports-shapes",
    "^tools/console/page/",
    "^tools/console/shapes\\.ts$",
    ...packages("preact", "htm", "thumbhash"),
  ],
  [
    "console-imports-handlers-and-embedded-aws",
    "^tools/console/(?!page/)",
    handlers,
    "^tools/embedded-aws/index\\.ts$",
    anyPackageButSharp,
  ],
  ["bench-imports-product-and-doors", "^tools/bench/", ...product, ...moreDoors, anyPackage],
  // The product's tests.
  ["tests-import-product-and-doors", "^test/", ...product, "^client/", policy, ...moreDoors, consoleDoor, anyPackage],
  ["eslint-configuration-imports-packages", "^eslint\\.config\\.mjs$", anyPackage],
  ["size-check-imports-nothing", "^\\.ci/size\\.mjs$"],
  ["dependency-cruiser-configuration-imports-nothing", "^\\.dependency-cruiser\\.cjs$"],
];

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: { pathNot: "^(tools/fault-search|handlers/protocol)/" },
      to: { circular: true },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: { path: "^(tools/fault-search|handlers/protocol)/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    ...places.map(([name, path, ...allowed]) => ({
      name,
      severity: "error",
      from: { path },
      to: { pathNot: [path, ...allowed], dependencyTypesNot: ["core"] },
    })),
    {
      name: "no-place-for-this-file",
      severity: "error",
      from: { pathNot: places.map(([, path]) => path) },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(coverage|\\.layer|\\.local)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};

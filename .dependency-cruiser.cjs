/** Boundaries that hold through any number of imports; ESLint checks the direct ones as you type. */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "handlers-never-reach-pulumi",
      severity: "error",
      from: { path: "^handlers/" },
      to: { path: "node_modules/@pulumi/", reachable: true },
    },
    {
      name: "handlers-stand-alone",
      severity: "error",
      from: { path: "^handlers/" },
      to: { path: "^(components|tools|settings|index|test|github-roles|layer)" },
    },
    {
      name: "embedded-aws-knows-aws-not-images",
      severity: "error",
      from: { path: "^tools/embedded-aws/(?!test/)" },
      to: { path: "^(handlers|components)/|node_modules/sharp/", reachable: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};

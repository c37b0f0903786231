import tseslint from "typescript-eslint";

const configuration = (property) => ({
  object: "pulumi",
  property,
  message: "only settings.ts reads configuration",
});

export default tseslint.config(
  { ignores: ["node_modules/", ".local/", ".layer/", "coverage/", "client/schema.ts"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // Resources are declared by constructing them.
      "no-new": "off",
      "no-restricted-properties": ["error", configuration("Config")],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ObjectExpression > SpreadElement > ObjectExpression",
          message: "write the properties themselves: a spread of a literal only moves the formatter's line breaks",
        },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // An interface of verbs is implemented by fakes and by services whose methods happen not to wait.
      "@typescript-eslint/require-await": "off",
    },
  },
  { files: ["settings.ts"], rules: { "no-restricted-properties": "off" } },
  {
    files: ["*.ts", "{account,client,components,github-roles,handlers,layer,policy}/**/*.ts"],
    rules: { "max-lines": ["error", 250] },
  },
  {
    files: ["test/**/*.ts", "tools/*/test/**/*.ts", "policy/test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off", // chai's assertions
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);

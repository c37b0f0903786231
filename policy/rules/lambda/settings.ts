import { FUNCTION } from "../../model/awsTypes";
import { isDeclared, part, read, readText } from "../../model/read";
import { inputRule, isSet } from "../inputRule";
import { rule, type Rule } from "../rule";

const common = { group: "Lambda", type: FUNCTION } as const;

/** Runtimes that Lambda still patches: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const supported = [
  "nodejs22.x",
  "nodejs24.x",
  "python3.11",
  "python3.12",
  "python3.13",
  "python3.14",
  "java8.al2",
  "java11",
  "java17",
  "java21",
  "java25",
  "dotnet10",
  "ruby3.3",
  "ruby3.4",
  "provided.al2023",
];

export const runtime = rule({
  name: "lambda-runtime",
  group: "Lambda",
  ids: ["Lambda.2", "CKV_AWS_363", "NAG-L1"],
  level: "mandatory",
  title: "Every function runs on a runtime that Lambda supports",
  reason: "A deprecated runtime gets no security patches, and its functions cannot be updated after some time.",
  remedy: "Set runtime to a supported one.",
  types: [FUNCTION],
  reads: "resource",
  settings: {
    supportedRuntimes: {
      type: "array",
      items: { type: "string" },
      default: supported,
      description: "Identifiers of the runtimes that may be used",
    },
  },
  *check(lambda, _, { supportedRuntimes }) {
    const value = readText(lambda, "runtime");
    if (readText(lambda, "packageType") === "Image") return; // it brings its own
    if (value === undefined || !supportedRuntimes.includes(value))
      yield { property: "runtime", value, allowed: supportedRuntimes.join(", ") };
  },
});

export const tracing = inputRule({
  ...common,
  name: "lambda-tracing",
  ids: ["CKV_AWS_50"],
  level: "advisory",
  title: "Every function is traced",
  reason: "Without a trace, the slow or failing step of a request cannot be found.",
  remedy: "Set tracingConfig.mode to Active.",
  property: "tracingConfig.mode",
  allowed: "Active",
});

/** An input that the program must set itself, because Lambda's default is for a hello-world. */
const explicit = (property: string, words: Pick<Rule, "name" | "title" | "reason" | "remedy">): Rule =>
  rule({
    ...words,
    group: "Lambda",
    ids: ["NAG-serverless"],
    level: "mandatory",
    types: [FUNCTION],
    reads: "resource",
    *check(lambda) {
      read(lambda, property);
      if (!isDeclared(lambda, property)) yield { property, allowed: "an explicit value" };
    },
  });

export const timeout = explicit("timeout", {
  name: "lambda-timeout",
  title: "Every function declares its timeout",
  reason: "The default of 3 seconds ends a slow run in the middle of its work.",
  remedy: "Set timeout to the longest run that is right.",
});

export const memory = explicit("memorySize", {
  name: "lambda-memory",
  title: "Every function declares its memory",
  reason: "The default of 128 MiB is also the smallest share of a processor.",
  remedy: "Set memorySize to the measured peak and some reserve.",
});

export const deadLetters = inputRule({
  ...common,
  name: "lambda-dead-letters",
  ids: ["CKV_AWS_116"],
  level: "advisory",
  title: "Every function has a target for events that it fails to process",
  reason: "An event of an asynchronous invocation that fails three times is dropped.",
  remedy:
    "Set deadLetterConfig; suppress this for a function whose queue has a dead-letter queue, or that is called and waited for.",
  property: "deadLetterConfig.targetArn",
  allowed: "a queue or topic",
  accept: isSet,
});

export const network = rule({
  name: "lambda-vpc",
  group: "Lambda",
  ids: ["CKV_AWS_117", "Lambda.3"],
  level: "advisory",
  title: "Every function runs in subnets of the stack",
  reason: "Code that is taken over can send data anywhere.",
  remedy: "Set vpcConfig with subnets that reach only what the function uses.",
  types: [FUNCTION],
  reads: "resource",
  *check(lambda) {
    const value = read(lambda, "vpcConfig.subnetIds");
    if (!Array.isArray(value) || value.length === 0)
      yield { property: "vpcConfig.subnetIds", value, allowed: "one subnet or more" };
  },
});

const hasEnvironment = (lambda: Parameters<typeof part>[0]): boolean =>
  Object.keys(part(lambda, "environment.variables").inputs).length > 0;

export const environmentKey = rule({
  name: "lambda-environment-key",
  group: "Lambda",
  ids: ["CKV_AWS_173"],
  level: "advisory",
  title: "Environment variables are encrypted with a KMS key of the customer",
  reason: "Who may read the function's configuration reads its variables in clear.",
  remedy: "Set kmsKeyArn, where the variables are worth the key's price.",
  types: [FUNCTION],
  reads: "resource",
  *check(lambda) {
    if (read(lambda, "kmsKeyArn") === undefined && hasEnvironment(lambda))
      yield { property: "kmsKeyArn", allowed: "a KMS key" };
  },
});

export const codeSigning = inputRule({
  ...common,
  name: "lambda-code-signing",
  ids: ["CKV_AWS_272"],
  level: "advisory",
  title: "The code of every function is signed",
  reason: "Who may update a function can run any code with its rights.",
  remedy: "Set codeSigningConfigArn, where a signing profile is part of the deployment.",
  property: "codeSigningConfigArn",
  allowed: "a code signing configuration",
  accept: isSet,
});

export const functionUrl = inputRule({
  group: "Lambda",
  type: "aws:lambda/functionUrl:FunctionUrl",
  name: "lambda-function-url",
  ids: ["CKV_AWS_258"],
  level: "mandatory",
  title: "No function URL is open",
  reason: "Anyone could invoke the function, and its owner pays.",
  remedy: "Set authorizationType to AWS_IAM.",
  property: "authorizationType",
  allowed: "AWS_IAM",
});

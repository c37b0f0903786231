import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import { omit, pluginFolder } from "../../embedded-aws/engine";
import { requireStack } from "../support/stacks";

/** The tree that these commands belong to. */
export const ROOT = resolve(__dirname, "..", "..", "..");

export interface ProjectOptions {
  /** The program's folder, with its Pulumi.yaml and Pulumi.<stack>.yaml; read, never written. */
  program: string;
  /** Where the scratch project, the state and Pulumi's own files go. */
  folder: string;
  stack: string;
}

/** A second project for the same program, in which the engine runs without an account. */
export interface Project {
  /** The folder to run Pulumi in. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Whether the state already has this stack. */
  exists: boolean;
  /** Settings of the stack that are secrets and were left out. */
  leftOut: string[];
}

type Yaml = Record<string, unknown>;

/**
 * Writes the scratch project: Pulumi's own commands write into the settings of the stack that they work on, and the
 * real ones must stay as they are.
 * @throws WrongCall when the program has no such stack
 */
export function prepareProject({ program, folder, stack }: ProjectOptions): Project {
  requireStack(program, stack);
  const declared = readYaml(join(program, "Pulumi.yaml"));
  const name = String(declared.name);
  const project = join(folder, "project");
  const state = join(folder, "state");
  for (const needed of [project, state]) mkdirSync(needed, { recursive: true });
  writeYaml(join(project, "Pulumi.yaml"), {
    ...omit(declared, "backend", "plugins"),
    main: program,
    runtime: "nodejs",
    // Without a version the engine neither checks nor downloads anything.
    plugins: { providers: [{ name: "aws", path: pluginFolder }] },
  });
  const scratch = join(project, `Pulumi.${stack}.yaml`);
  const { settings, leftOut } = withoutSecrets(readYaml(join(program, `Pulumi.${stack}.yaml`)));
  const { encryptionsalt } = existsSync(scratch) ? readYaml(scratch) : {};
  writeYaml(scratch, encryptionsalt === undefined ? settings : { ...settings, encryptionsalt });
  return {
    folder: project,
    environment: engineEnvironment(folder, state),
    exists: existsSync(join(state, ".pulumi", "stacks", name, `${stack}.json`)),
    leftOut,
  };
}

/** The stack's settings without what only the real backend can read. */
function withoutSecrets(settings: Yaml): { settings: Yaml; leftOut: string[] } {
  const plain = omit(settings, "encryptionsalt", "secretsprovider", "encryptedkey");
  const config = (plain.config ?? {}) as Yaml;
  const isSecret = (value: unknown) => typeof value === "object" && value !== null && "secure" in value;
  const leftOut = Object.keys(config).filter((key) => isSecret(config[key]));
  const kept = Object.fromEntries(Object.entries(config).filter(([key]) => !leftOut.includes(key)));
  return { settings: { ...plain, config: kept }, leftOut };
}

/** The environment of the engine: this machine's, without anything that reaches an account. */
function engineEnvironment(folder: string, state: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|PULUMI_)/.test(name));
  return {
    ...Object.fromEntries(kept),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The provider beside the program is the only plugin that a run needs.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Makes --event-log available.
    PULUMI_DEBUG_COMMANDS: "true",
    // `npm run check` checks types; doing it again in each run takes several times as long as the run itself.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
}

function readYaml(file: string): Yaml {
  return (parse(readFileSync(file, "utf8")) ?? {}) as Yaml;
}

function writeYaml(file: string, content: Yaml): void {
  writeFileSync(file, stringify(content));
}

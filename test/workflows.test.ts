import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";

interface Step {
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  permissions?: Record<string, string>;
  environment?: string;
  needs?: string;
  strategy?: { matrix: Record<string, unknown> };
  if?: string;
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const folder = join(__dirname, "..", ".github", "workflows");
const files = readdirSync(folder);

for (const file of files) {
  const text = readFileSync(join(folder, file), "utf8");
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  describe(`the workflow ${file}`, () => {
    it("pins every action by its commit, and says which release that is", () => {
      for (const line of text.split("\n").filter((each) => /^\s*(- )?uses:/.test(each)))
        expect(line).to.match(/uses: [\w.-]+\/[\w.-]+(\/[\w-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it("never runs a pull request's code with this repository's rights", () => {
      expect(workflow.on).to.not.have.property("pull_request_target");
    });

    it("has no right by default but to read the repository", () => {
      expect(workflow.permissions).to.deep.equal(file === "comment.yml" ? {} : { contents: "read" });
    });

    it("runs no script of a package where it can take a role of the account", () => {
      for (const [name, { permissions, steps: own }] of jobs)
        if (permissions?.["id-token"] === "write") {
          const installs = own.flatMap(({ run }) => (run?.startsWith("npm") ? [run] : []));
          expect(installs, name).to.deep.equal(["npm ci --ignore-scripts"]);
        }
    });

    it("takes no packages from a cache that other branches write where it can take a role of the account", () => {
      for (const [name, { permissions, steps: own }] of jobs)
        if (permissions?.["id-token"] === "write") {
          const node = own.find(({ uses }) => uses?.startsWith("actions/setup-node@"));
          expect(node?.with, name).to.deep.equal({ "node-version": "24", "package-manager-cache": false });
        }
    });

    it("puts no expression into a script", () => {
      for (const { run } of steps) expect(run ?? "").to.not.include("${{");
    });

    it("leaves no token in the checkout", () => {
      for (const { uses, with: inputs } of steps)
        if (uses?.startsWith("actions/checkout@")) expect(inputs).to.have.property("persist-credentials", false);
    });
  });
}

describe("the workflows together", () => {
  const job = (file: string, name: string): Job => {
    const found = (parse(readFileSync(join(folder, file), "utf8")) as Workflow).jobs[name];
    if (!found) throw new Error(`${file} has no job ${name}`);
    return found;
  };

  it("give the right to comment to the one job that runs no code of the pull request", () => {
    const comment = job("comment.yml", "comment");
    expect(comment.permissions).to.deep.equal({ actions: "read", "pull-requests": "write" });
    expect(comment.steps.map(({ uses }) => uses?.split("@")[0])).to.deep.equal([
      "actions/download-artifact",
      undefined,
    ]);
  });

  it("take a role of the account only in the environments that its trust names", () => {
    expect(job("preview.yml", "account").environment).to.equal("preview-${{ matrix.stack }}");
    expect(job("deploy.yml", "drift").environment).to.equal("drift-${{ matrix.stack }}");
    expect(job("deploy.yml", "deploy").environment).to.equal("${{ matrix.stack }}");
    const others = files.flatMap((file) =>
      Object.entries((parse(readFileSync(join(folder, file), "utf8")) as Workflow).jobs)
        .filter(([, { permissions }]) => permissions?.["id-token"] === "write")
        .map(([name]) => `${file} ${name}`),
    );
    expect(others).to.deep.equal(["deploy.yml deploy", "deploy.yml drift", "preview.yml account"]);
    expect(job("preview.yml", "account").if).to.include("head.repo.full_name == github.repository");
  });

  it("send the findings of the policy pack to code scanning, also where they stop the change", () => {
    const { permissions, steps, if: when } = job("ci.yml", "policy");
    expect(permissions).to.deep.equal({ contents: "read", "security-events": "write" });
    expect(when).to.include("head.repo.full_name == github.repository");
    const [check, upload] = steps.slice(-2);
    expect(check?.run).to.equal('npx snail policy check --stack "$STACK" --format sarif --out policy.sarif');
    expect(upload).to.deep.include({ if: "${{ !cancelled() }}", with: { sarif_file: "policy.sarif" } });
  });

  it("deploy only after the checks, which run in a job that cannot take a role", () => {
    expect(job("deploy.yml", "deploy").needs).to.equal("check");
    expect(job("deploy.yml", "check").steps.map(({ run }) => run)).to.include.members(["npm ci", "npm run check"]);
    expect(job("deploy.yml", "check").permissions).to.equal(undefined);
  });

  it("verify what they deployed, right after it", () => {
    const runs = job("deploy.yml", "deploy").steps.map(({ run }) => run ?? "");
    const deployed = runs.findIndex((run) => run.includes("pulumi up"));
    expect(runs.slice(deployed + 1)).to.deep.equal(['node tools/commands/snail.js verify --stack "$STACK"']);
  });

  it("touch prod only where the repository says so, or by hand", () => {
    const stacks = (file: string, name: string) => job(file, name).strategy?.matrix.stack;
    expect(stacks("deploy.yml", "deploy")).to.match(/inputs\.stack\) \|\| vars\.DEPLOY_STACKS \|\| '\["dev"\]'/);
    expect(stacks("deploy.yml", "drift")).to.include(`vars.DRIFT_STACKS || '["dev"]'`);
    expect(stacks("preview.yml", "account")).to.include("vars.PREVIEW_STACKS || '[]'");
  });

  it("preview with a token of their own, which needs only to read", () => {
    const secrets = (file: string, name: string) => [
      ...new Set([...JSON.stringify(job(file, name)).matchAll(/secrets\.(\w+)/g)].map(([, secret]) => secret)),
    ];
    expect(secrets("preview.yml", "account")).to.deep.equal(["PULUMI_PREVIEW_TOKEN"]);
    expect(secrets("deploy.yml", "drift")).to.deep.equal(["PULUMI_PREVIEW_TOKEN"]);
    expect(secrets("deploy.yml", "deploy")).to.deep.equal(["PULUMI_ACCESS_TOKEN"]);
  });
});

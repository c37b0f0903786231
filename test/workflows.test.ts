import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  permissions?: Record<string, string>;
  environment?: string;
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
        expect(line).to.match(/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it("never runs with a stranger's code and this repository's rights", () => {
      expect(workflow.on).to.not.have.property("pull_request_target");
    });

    it("has no right by default but to read", () => {
      expect(workflow.permissions)
        .to.be.oneOf([workflow.permissions])
        .and.to.satisfy(
          (rights: Record<string, string> | undefined) =>
            rights !== undefined &&
            Object.entries(rights).every(([name, right]) => name === "contents" && right === "read"),
        );
    });

    it("puts no text of strangers into a script", () => {
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
    expect(job("deploy.yml", "drift").environment).to.equal("preview-${{ matrix.stack }}");
    expect(job("deploy.yml", "deploy").environment).to.equal("${{ matrix.stack }}");
    expect(job("preview.yml", "offline").permissions).to.equal(undefined);
    expect(job("preview.yml", "account").if).to.include("head.repo.full_name == github.repository");
  });
});

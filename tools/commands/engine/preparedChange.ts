import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const WIDER = '{ actions: ["s3:GetObject", "s3:DeleteObjectVersion"], on: pulumi.interpolate`${images.arn}/*` }';

/** A change as a contributor might make it: file, text there, text instead. It replaces the table, among other things. */
const EDITS: [file: string, from: string, to: string][] = [
  ["components/imageStore.ts", '{ name: "original", type: "S" }', '{ name: "object", type: "S" }'],
  ["components/imageStore.ts", 'hashKey: "original"', 'hashKey: "object"'],
  ["components/alarm.ts", "threshold: 15 * MINUTE", "threshold: 30 * MINUTE"],
  ["components/imagePipeline.ts", "timeoutSeconds: 60", "timeoutSeconds: 90"],
  ["components/imagePipeline.ts", '{ actions: ["s3:GetObject"], on: originals }', WIDER],
];

/**
 * Makes a repository of its own whose first commit is the tree as it lies in `root`, and which has the prepared change
 * on top, not committed.
 * @throws Error when the program no longer has a text that the change edits
 */
export function layOutPreparedChange(root: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const git = (cwd: string, ...args: string[]) => execFileSync("git", args, { cwd, encoding: "utf8", stdio: "pipe" });
  const files = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0").filter(Boolean);
  for (const file of files.filter((each) => existsSync(join(root, each)) && !/(^|\/)test\//.test(each))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  mkdirSync(join(root, ".layer"), { recursive: true });
  for (const shared of ["node_modules", ".layer"]) symlinkSync(join(root, shared), join(folder, shared), "junction");
  const author = ["-c", "user.name=Check", "-c", "user.email=check@localhost", "-c", "commit.gpgsign=false"];
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "add", "--all", "--", ".", ":!node_modules", ":!.layer");
  git(folder, ...author, "commit", "--quiet", "--no-verify", "--message", "Base");
  for (const [file, from, to] of EDITS) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`the prepared change does not fit any more: ${file} has no ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
}

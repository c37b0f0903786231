import { join } from "node:path";
import { expect } from "chai";
import { snail } from "./support";

/** Modules that help and refusals do without: loading them takes seconds. */
const withoutTypeScript = { NODE_OPTIONS: `--require ${join(__dirname, "noTypeScript.js")}` };

const commands: [command: string, ...flags: string[]][] = [
  ["start", "--stack", "--port", "--data", "--config", "--fresh", "--verbose", "--no-console", "--faults"],
  ["send", "--stack", "--data", "--as", "--metadata", "--focus", "--wait", "--at-once"],
  ["list", "--stack", "--data", "--status", "--prefix", "--limit", "--json", "--renditions"],
  ["show", "--stack", "--data", "--json"],
  ["open", "--stack", "--data", "--type", "--print"],
  ["delete", "--stack", "--data"],
  ["preview", "--stack"],
  ["up", "--stack"],
  ["destroy", "--stack"],
  ["preview-pr", "--base", "--stack", "--out"],
  ["faults", "--seeds", "--from", "--scenario", "--replay", "--mutant", "--mutants", "--list"],
  ["soak", "--seconds", "--clients", "--names", "--keep"],
  ["hostile", "--mutations", "--seed", "--processes", "--keep", "--animated", "--json"],
  ["pictures", "--sheet"],
  ["verify", "--stack", "--data", "--wait", "--policy"],
  ["status", "--stack", "--data", "--json"],
  ["why", "--stack", "--data", "--since", "--json"],
  ["logs", "--stack", "--data", "--image", "--since", "--follow", "--json"],
  ["redrive", "--stack", "--data", "--cause", "--object", "--move", "--delete", "--yes", "--json"],
  ["backfill", "--stack", "--data", "--type", "--rate", "--remove", "--dry-run", "--yes", "--json"],
  ["privileges", "--stack", "--config", "--json"],
  [
    "cost",
    "--stack",
    "--images",
    "--mb",
    "--megapixels",
    "--gets",
    "--deletes",
    "--storage-wait",
    "--views",
    "--direct",
    "--per-second",
    "--full-batches",
    "--region",
    "--json",
  ],
  ["cost docs"],
  ["cost measure", "--photos"],
  ["capacity", ...["--stack", "--megapixels", "--concurrency-limit", "--json"]],
  ["bench"],
  ["bench renditions", "--pairs", "--json"],
  ["bench memory", "--json"],
  ["bench batches", "--storage-wait", "--json"],
  ["bench effort", "--months", "--views", "--json"],
  ["bench quality", "--json"],
  ["bench path", "--copies", "--json"],
  ["bench backfill", "--images", "--uploads", "--rate", "--json"],
  ["bench calls", "--photos", "--json"],
  ["bench cold", "--runs", "--json"],
  ["bench policy", "--runs", "--json"],
  ["policy"],
  ["policy check", "--stack", "--format", "--out"],
  ["policy rules"],
  ["openapi", "--release"],
  ["engine"],
  ["engine schema"],
  ["engine example"],
];

describe("snail --help", () => {
  it("lists every command, and the exit codes", async () => {
    const { code, out, err } = await snail(["--help"], withoutTypeScript);
    expect({ code, err }).to.deep.equal({ code: 0, err: "" });
    const listed = [...out.matchAll(/^ {2}([a-z-]+) {2}/gm)].map(([, name]) => name);
    const top = commands.map(([command]) => command).filter((command) => !command.includes(" "));
    expect(listed).to.deep.equal([...top, "help"]);
    expect(out).to.match(/Exit codes: 0 fine, 1 it failed, 2 the call is wrong\.\n$/);
  });

  for (const [command, ...flags] of commands)
    it(`tells the flags of ${command}`, async () => {
      const { code, out, err } = await snail([...command.split(" "), "--help"], withoutTypeScript);
      expect({ code, err }).to.deep.equal({ code: 0, err: "" });
      expect(out).to.include(`Usage: snail ${command} `);
      const listed = [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag);
      expect(listed).to.deep.equal([...flags, "--help"]);
      expect(out).to.match(/Exit codes: 0 fine, 1 it failed, 2 the call is wrong\.\n$/);
    });

  it("tells of each command about a service that it is the one that runs here where no stack is named", async () => {
    const about = ["send", "list", "show", "open", "delete", "verify", "status", "why", "logs", "redrive", "backfill"];
    for (const command of about) {
      const { out } = await snail([command, "--help"], withoutTypeScript);
      expect(out, command).to.include("Without --stack it is the service that snail start runs here. On AWS ");
      expect(out, command).to.match(/ --stack <name> +a stack on AWS, in place of the service that runs\s+here\n/);
      expect(out, command).to.match(
        / --data <folder> +data folder of the service that runs here \(default:\s+\.local\/dev\)\n/,
      );
    }
  });

  it("is shown, as a wrong call, where the command is missing", async () => {
    for (const args of [[], ["bench"], ["engine"]]) {
      const { code, out, err } = await snail(args, withoutTypeScript);
      expect({ code, out }).to.deep.equal({ code: 2, out: "" });
      expect(err).to.match(/^Usage: snail /);
    }
  });
});

describe("a wrong call of snail", () => {
  const cases: [args: string, problem: string][] = [
    ["strat", "snail: unknown command 'strat' (Did you mean start?)"],
    ["bench pth", "snail bench: unknown command 'pth' (Did you mean path?)"],
    ["start --prot 3", "snail start: unknown option '--prot' (Did you mean --port?)"],
    ["start dev", "snail start: too many arguments for 'start'. Expected 0 arguments but got 1: dev"],
    ["start --data", "snail start: option '--data <folder>' argument missing"],
    ["start --port http", wrongNumber("start", "--port", "http", "from 0 to 65535")],
    ["start --port 65536", wrongNumber("start", "--port", "65536", "from 0 to 65535")],
    ["start --port=-1", wrongNumber("start", "--port", "-1", "from 0 to 65535")],
    ["start --stack nope", noStack("start")],
    ["up --stack nope", noStack("up")],
    ["start --data=", "snail start: option '--data <folder>' argument '' is invalid. It must name a folder"],
    ["soak --seconds 4", wrongNumber("soak", "--seconds", "4", "from 5 to 3600")],
    ["soak --clients 1.5", wrongNumber("soak", "--clients", "1.5", "from 1 to 50")],
    [
      "start -c allowedOrigins",
      "snail start: option '-c, --config <key=value>' argument 'allowedOrigins' is invalid. It must be key=value",
    ],
    ["show a.jpg --stack dev --data here", "snail show: --data is not for a --stack"],
    [
      "list --status UPLOADED",
      "snail list: option '--status <status>' argument 'UPLOADED' is invalid. Allowed choices are READY, PROCESSING, FAILED, REJECTED, DELETING",
    ],
    ["send", "snail send: missing required argument 'file'"],
    ["send a.jpg --at-once 0", wrongNumber("send", "--at-once", "0", "from 1 to 32")],
    ["faults --seeds 0", wrongNumber("faults", "--seeds", "0", "of at least 1")],
    ["faults --from 1e3", wrongNumber("faults", "--from", "1e3", "of at least 0", "seed")],
    ["faults --replay 3", "snail faults: --replay needs --scenario, since each scenario has seeds of its own"],
    ["redrive --move", "snail redrive: --move needs --cause or --object"],
    ["verify --stack dev --data here", "snail verify: --data is not for a --stack"],
    ["verify --wait 0", wrongNumber("verify", "--wait", "0", "from 1 to 60", "minutes")],
    [
      "backfill --rate 0",
      "snail backfill: option '--rate <number>' argument '0' is invalid. It must be a whole number from 1 to 1000",
    ],
    ["backfill --stack prod --data here", "snail backfill: --data is not for a --stack"],
    ["backfill --json", "snail backfill: --json needs --yes or --dry-run"],
    ["redrive --stack dev --data here", "snail redrive: --data is not for a --stack"],
    ["preview-pr", "snail preview-pr: required option '--base <ref>' not specified"],
    ["bench path --copies many", wrongNumber("bench path", "--copies", "many", "of at least 1")],
  ];
  for (const [args, problem] of cases)
    it(`is answered with what is wrong: ${args}`, async () => {
      const command = problem.slice(0, problem.indexOf(":"));
      const err = `${problem}; ${command} --help lists what there is\n`;
      expect(await snail(args.split(" "), withoutTypeScript)).to.deep.equal({ code: 2, out: "", err });
    });
});

function noStack(command: string): string {
  return `snail ${command}: option '-s, --stack <name>' argument 'nope' is invalid. Allowed choices are dev, prod`;
}

function wrongNumber(command: string, flag: string, value: string, allowed: string, unit = "number"): string {
  return `snail ${command}: option '${flag} <${unit}>' argument '${value}' is invalid. It must be a whole number ${allowed}`;
}

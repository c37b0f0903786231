import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

import { sha256, uploadTag } from "../../../handlers/protocol/generation";
import { listedUnder, listPosition } from "../../../handlers/protocol/listing";
import type { RecordSet } from "../../../handlers/ports";
import type { RawRecord } from "../../../handlers/records";
import {
  type AccessDecision,
  type DeclaredPolicy,
  type Grant,
  grantsOf,
  type LocalRun,
  type LocalRunOptions,
  parseFaults,
  type PolicyDocument,
  readDecisions,
  readStackConfig,
} from "../../embedded-aws";
import { namespaced } from "../support/namespaced";
import { redeclare } from "../support/redeclare";
import type { UploadGrant } from "../../../handlers/protocol/uploadProcess";
import { sendGranted } from "../support/grantedUpload";
import { signedFetch } from "../support/signedFetch";
import { startHere } from "../support/startHere";

type Rest<List extends unknown[]> = List extends [unknown, ...infer Others] ? Others : never;

const root = join(__dirname, "../../..");

/** Milliseconds to wait for a line or a state before a case fails. */
const TIMEOUT = 45_000;

/** The service in this process, with everything that it says, and its owner's hands on what it stores. */
export class Account {
  /** Lines that functions log and the embedded AWS announces, and answers to calls, in that order. */
  readonly said: string[] = [];
  /** Decisions about calls, in their order. */
  readonly decided: AccessDecision[] = [];
  private readonly told = new EventEmitter();
  /** Id of an upload that S3 stored and that is gone: S3 refuses ids that it never gave. */
  goneVersion!: string;
  private names = 0;
  private fails: NonNullable<LocalRunOptions["fails"]> = () => false;
  private run!: LocalRun;
  private s3!: S3Client;
  private sqs!: SQSClient;
  private dynamodb!: DynamoDBDocumentClient;

  /** @param options the stack, and settings in place of its own */
  static async open(
    data: string,
    { stack = "dev", config = {} }: { stack?: string; config?: Record<string, string> } = {},
  ): Promise<Account> {
    const account = new Account();
    account.run = await startHere(data, {
      stack,
      config: { ...readStackConfig(root, stack), ...namespaced(config) },
      recordDecisions: true,
      announce: (line) => account.hear(line),
      fails: (call) => account.fails(call),
      // Failed messages come again at once: no test waits for a visibility timeout.
      faults: parseFaults("retry=0.2"),
    });
    account.decided.push(...readDecisions(data));
    account.run.cloud.iam.onDecision((decision) => {
      account.decided.push(decision);
      if (decision.denied !== undefined) account.told.emit("denial");
    });
    account.run.cloud.logs.onLine((_group, line) => account.hear(line));
    const { awsUrl: endpoint, region } = account.run.place;
    const options = { endpoint, region, credentials: account.run.cloud.iam.owner };
    account.s3 = new S3Client({ ...options, forcePathStyle: true });
    account.sqs = new SQSClient(options);
    account.dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(options));
    account.goneVersion = await account.removeVersion();
    return account;
  }

  async close(): Promise<void> {
    for (const client of [this.s3, this.sqs, this.dynamodb]) client.destroy();
    await this.run.close();
  }

  hear(line: string): void {
    this.said.push(line);
    this.told.emit("line");
  }

  /** Resolves once a line that matches was said after the first `from` lines. */
  async heard(pattern: RegExp, from = 0): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT);
    while (!this.said.slice(from).some((line) => pattern.test(line))) {
      await once(this.told, "line", { signal }).catch(() => {
        const last = this.said.slice(from).slice(-20).join("\n");
        throw new Error(`nothing said ${String(pattern)} within ${TIMEOUT / 1000} s; the last lines:\n${last}`);
      });
    }
  }

  /** Resolves soon after the first call that is denied, when others of its kind are known too. */
  async denial(): Promise<void> {
    await once(this.told, "denial");
    await delay(2_000);
  }

  /** Resolves once `done` holds. */
  async until(what: string, done: () => boolean): Promise<void> {
    const end = Date.now() + TIMEOUT;
    while (!done()) {
      if (Date.now() > end) throw new Error(`${what}: not within ${TIMEOUT / 1000} s`);
      await delay(10);
    }
  }

  /** A request to the API, signed by the owner. Its answer is added to the lines too. */
  call(method: string, name: string, body?: Uint8Array): Promise<Response> {
    return this.ask(method, `/raw/${name}`, body);
  }

  /** Uploads by a form that `POST /uploads` grants. S3's answer is added to the lines too. */
  async sendForm(object: string, body: Uint8Array): Promise<void> {
    const granted = await this.ask("POST", "/uploads", Buffer.from(JSON.stringify({ object })));
    if (granted.status !== 201) return;
    const sent = await sendGranted((await granted.json()) as UploadGrant, body);
    this.hear(`form ${object}: ${sent.status} ${await sent.text()}`);
  }

  /** A request to the API by its path. */
  async ask(method: string, path: string, body?: Uint8Array): Promise<Response> {
    const response = await signedFetch({
      method,
      body,
      url: `${String(this.run.outputs.apiUrl)}${path}`,
      region: this.run.place.region,
      headers: body === undefined ? {} : { "content-type": "image/jpeg" },
      keys: this.run.cloud.iam.owner,
      redirect: "manual",
    });
    this.hear(`${method} ${path}: ${response.status} ${await response.clone().text()}`);
    return response;
  }

  async send(queue: string, body: unknown): Promise<void> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    await this.sqs.send(new SendMessageCommand({ QueueUrl: this.stateOf("queue", queue).url, MessageBody: text }));
  }

  /** Drops all messages of a queue, those in flight included. */
  async purge(queue: string): Promise<void> {
    await this.sqs.send(new PurgeQueueCommand({ QueueUrl: this.stateOf("queue", queue).url }));
  }

  /** An event of S3 about an upload. */
  sendEvent(name: string, { versionId, sequencer }: { versionId: string; sequencer: string }): Promise<void> {
    const object = { key: `images/${name}`, versionId, sequencer };
    const record = { eventName: "ObjectCreated:Put", eventTime: new Date().toISOString(), s3: { object } };
    return this.send("PutRawImageQueue", { Records: [record] });
  }

  /** Invokes the sweep, as its schedule does. */
  async sweep(): Promise<void> {
    await this.run.cloud.schedules.fire(this.stateOf("rule", "SweepProcess-schedule").name);
  }

  /** Makes the next sweep the first one. */
  async forgetSweep(): Promise<void> {
    const Key = { original: "/sweep", imageType: "position" };
    await this.dynamodb.send(new DeleteCommand({ TableName: String(this.run.outputs.imageMetadataTable), Key }));
  }

  /** Makes the remains of an upload whose delivery dies after it has stored the original. */
  async storeLeftover(name: string, versionId: string): Promise<void> {
    const Key = `raw/${name}/${uploadTag(versionId)}${"0".repeat(32)}.jpg`;
    await this.s3.send(new PutObjectCommand({ Bucket: String(this.run.outputs.imagesBucket), Key, Body: "x" }));
  }

  private async removeVersion(): Promise<string> {
    const where = { Bucket: String(this.run.outputs.tempImagesBucket), Key: "removed" };
    const { VersionId = "" } = await this.s3.send(new PutObjectCommand({ ...where, Body: "x" }));
    await this.s3.send(new DeleteObjectCommand({ ...where, VersionId }));
    return VersionId;
  }

  /** Makes a name's record as if uploads and deletions had led there. */
  async record(name: string, record: Partial<Omit<RawRecord, RecordSet> & Record<RecordSet, Set<string>>>) {
    const at = new Date().toISOString();
    const born = { id: sha256(name).slice(0, 32), epoch: 0, createdAt: at, updatedAt: at };
    const { status, live } = record;
    const listed = { ...listPosition(born), ...(status && listedUnder(name, { status, live })) };
    const item = { original: name, imageType: "raw", ...born, ...listed, ...record };
    await this.dynamodb.send(new PutCommand({ TableName: String(this.run.outputs.imageMetadataTable), Item: item }));
  }

  /** Stores an item that is not a record: its change cannot be announced. */
  async writeUnreadable(name: string): Promise<void> {
    const Item = { original: name, imageType: "raw", id: "x", bytes: new Uint8Array(1) };
    await this.dynamodb.send(new PutCommand({ TableName: String(this.run.outputs.imageMetadataTable), Item }));
  }

  /** Makes the record of a name that a DELETE came for just now: of that its epoch tells the second. */
  recordDeleted(name: string): Promise<void> {
    return this.record(name, { status: "DELETED", epoch: Math.ceil(Date.now() / 1000) });
  }

  /** Ends the idle execution environments of a function: its next run is a cold start. */
  async cool(functionName: string): Promise<void> {
    const { lambda } = this.run.cloud;
    const { name } = this.stateOf("function", functionName);
    const all = () => lambda.environments().filter((environment) => environment.functionName === name);
    const killed = new Set<number>();
    // A message that is tried again may start another one meanwhile.
    await this.until(`${functionName} cold`, () => {
      for (const { pid, busy } of all()) {
        if (pid === undefined || busy || killed.has(pid)) continue;
        killed.add(pid);
        process.kill(pid, "SIGKILL");
      }
      return all().length === 0;
    });
  }

  /** Checks, as when a mapping is made, that all functions may read their queues. A refusal is heard. */
  checkMappings(): void {
    try {
      this.run.cloud.mappings.start();
    } catch (error) {
      this.hear(String(error));
    }
  }

  /** Address of the distribution that serves renditions; undefined: they are read by presigned URLs. */
  get deliveryUrl(): string | undefined {
    const { deliveryUrl } = this.run.outputs;
    return typeof deliveryUrl === "string" ? deliveryUrl : undefined;
  }

  /** Every policy that is in force. */
  policies(): DeclaredPolicy[] {
    return this.run.cloud.policies();
  }

  /** Everything that the program declares. */
  get resources(): LocalRun["resources"] {
    return this.run.resources;
  }

  /** The grants of the roles' own policies. */
  grants(): Grant[] {
    return grantsOf(this.policies().filter(({ source }) => source === "identity"));
  }

  /** A grant by holder, policy and action, as the cases are named. */
  keyOf(grant: Grant): string {
    return `${this.holderOf(grant)} ${grant.policy} ${grant.actionPattern}`;
  }

  /** Whether a grant allowed a call after the first `from` decisions. */
  isUsed(key: string, from = 0): boolean {
    return this.decided.slice(from).some(({ allowedBy = [] }) => allowedBy.some((grant) => this.keyOf(grant) === key));
  }

  /** A name that no image has had. */
  nextName(): string {
    this.names += 1;
    return `image-${this.names}.jpg`;
  }

  /** The logical name of what a grant belongs to: a resource, or the function of a role. */
  holderOf({ holder }: Pick<Grant, "holder">): string {
    const found = this.run.resources.find(({ state }) => state.arn === holder);
    return found?.name.replace(/-role$/, "") ?? holder;
  }

  /** Does something while each of a function's calls to a service fails. */
  async failing(functionName: string, service: string, act: () => unknown): Promise<void> {
    const { role } = this.stateOf("function", functionName);
    this.fails = (call) => call.service === service && call.principal.arn === role;
    try {
      await act();
    } finally {
      this.fails = () => false;
    }
  }

  /** Declares a resource again with other inputs. Returns the function that declares it as it was. */
  redeclare(...[type, name, change]: Rest<Parameters<typeof redeclare>>): Promise<() => Promise<void>> {
    return redeclare(this.run, type, name, change);
  }

  /** Takes one action out of a role's policy. Returns the function that puts it back. */
  takeAway({ holder, policy, statement, actionPattern }: Grant): () => void {
    const { iam } = this.run.cloud;
    const role = holder.split("/").at(-1) ?? "";
    const declared = this.run.resources.find(
      ({ type, inputs }) => type === "aws:iam/rolePolicy:RolePolicy" && inputs.role === role && inputs.name === policy,
    );
    const document = JSON.parse(String(declared?.inputs.policy)) as PolicyDocument;
    const without = [document.Statement].flat().map((given, index) => {
      if (index !== statement) return given;
      const others = [given.Action ?? []].flat().filter((other) => other !== actionPattern);
      // A statement needs an action: this one is never used.
      return { ...given, Action: others.length > 0 ? others : ["iam:GetUser"] };
    });
    iam.putRolePolicy(role, policy, { ...document, Statement: without });
    return () => iam.putRolePolicy(role, policy, document);
  }

  private stateOf(
    kind: "queue" | "function" | "rule",
    name: string,
  ): Record<string, unknown> & { url: string; name: string } {
    const types = {
      queue: "aws:sqs/queue:Queue",
      function: "aws:lambda/function:Function",
      rule: "aws:cloudwatch/eventRule:EventRule",
    };
    const found = this.run.resources.find((resource) => resource.type === types[kind] && resource.name === name);
    if (!found) throw new Error(`no ${kind} ${name} is declared`);
    return found.state as ReturnType<Account["stateOf"]>;
  }
}

import { expect } from "chai";
import { ARCHIVE, SIGNATURE, UNKNOWN } from "../../engine/values";
import { bucket, queue, role, subject, toyProvider } from "./toyTable";

const trust = { assumeRolePolicy: "{}" };

describe("the engine's AWS provider", () => {
  describe("check", () => {
    it("refuses a resource type that the table does not have, by name", () => {
      const { problems } = toyProvider().check(subject("aws:rds/instance:Instance", "db"), undefined, {});
      expect(problems).to.have.length(1);
      expect(problems[0]?.reason).to.include("aws:rds/instance:Instance");
    });

    it("names an unnamed resource and notes that it did", () => {
      const { inputs } = toyProvider().check(bucket, undefined, {});
      expect(inputs).to.deep.equal({ bucket: "images-0000004", __defaults: ["bucket"] });
    });

    it("leaves a name that the program gives", () => {
      const { inputs } = toyProvider().check(bucket, undefined, { bucket: "mine" });
      expect(inputs).to.deep.equal({ bucket: "mine" });
    });

    it("keeps the generated name that the resource has already, whatever made it", () => {
      const olds = { bucket: "images-abcdef0", __defaults: ["bucket"] };
      expect(toyProvider().check(bucket, olds, {}).inputs).to.deep.equal(olds);
    });

    it("generates a name when the program stops giving one", () => {
      const { inputs } = toyProvider().check(bucket, { bucket: "mine" }, {});
      expect(inputs.bucket).to.equal("images-0000004");
    });

    it("does not know the name before it knows the inputs that force replacement", () => {
      const { inputs } = toyProvider().check(queue, undefined, { fifoQueue: UNKNOWN });
      expect(inputs.name).to.equal(UNKNOWN);
    });

    it("merges the provider's default tags under the resource's own", () => {
      const provider = toyProvider();
      provider.configure({ defaultTags: JSON.stringify({ tags: { app: "snail", tier: "all" } }) });
      const { inputs } = provider.check(bucket, undefined, { bucket: "b", tags: { tier: "own" } });
      expect(inputs.tags).to.deep.equal({ app: "snail", tier: "own" });
      expect(provider.create(bucket, inputs).state.tagsAll).to.deep.equal({ app: "snail", tier: "own" });
    });

    it("keeps unknown tags unknown", () => {
      const { inputs, problems } = toyProvider().check(bucket, undefined, { bucket: "b", tags: UNKNOWN });
      expect(problems).to.deep.equal([]);
      expect(inputs.tags).to.equal(UNKNOWN);
    });

    it("accepts files and folders where the schema has an archive", () => {
      const code = { [SIGNATURE]: ARCHIVE, assets: {}, hash: "abc" };
      expect(toyProvider().check(role, undefined, { ...trust, code }).problems).to.deep.equal([]);
      expect(toyProvider().check(role, undefined, { ...trust, code: "x.zip" }).problems[0]).to.deep.equal({
        path: "code",
        reason: 'must be archive, not string "x.zip"',
      });
    });
  });

  describe("create", () => {
    it("answers id and outputs that AWS's naming makes known", () => {
      expect(toyProvider().create(queue, { name: "work-1", __defaults: ["name"] })).to.deep.equal({
        id: "https://sqs/000000000000/work-1",
        state: {
          region: "us-east-1",
          tagsAll: {},
          name: "work-1",
          arn: "arn:aws:sqs:us-east-1:000000000000:work-1",
          visibilityTimeoutSeconds: 30,
        },
      });
    });

    it("makes unknown what follows from unknown inputs, and nothing else", () => {
      const { id, state } = toyProvider().create(queue, { name: UNKNOWN, policy: UNKNOWN, fifoQueue: true });
      expect(id).to.equal("");
      expect(state).to.deep.include({ name: UNKNOWN, arn: UNKNOWN, policy: UNKNOWN, fifoQueue: true });
      expect(state.visibilityTimeoutSeconds).to.equal(30);
    });

    it("uses the provider's region, and a resource's own before it", () => {
      const provider = toyProvider();
      provider.configure({ region: "eu-west-1" });
      expect(provider.create(queue, { name: "q" }).state.arn).to.include(":eu-west-1:");
      expect(provider.create(queue, { name: "q", region: "eu-west-2" }).state.arn).to.include(":eu-west-2:");
    });

    it("refuses to make a resource without an id", () => {
      expect(() => toyProvider().create(bucket, { bucket: "" })).to.throw(bucket.urn);
    });
  });

  describe("diff", () => {
    it("forces replacement by the table's properties whose inputs differ", () => {
      const olds = { name: "a", visibilityTimeoutSeconds: 1 };
      expect(toyProvider().diff(queue, olds, { name: "b", visibilityTimeoutSeconds: 2 })).to.deep.equal({
        replaces: ["name"],
        deleteBeforeReplace: false,
      });
      expect(toyProvider().diff(queue, olds, { name: "a", visibilityTimeoutSeconds: 2 }).replaces).to.deep.equal([]);
    });

    it("deletes first a resource that keeps its given name", () => {
      const olds = { name: "a" };
      expect(toyProvider().diff(queue, olds, { name: "a", fifoQueue: true }).deleteBeforeReplace).to.equal(true);
    });

    it("replaces everything with a provider of another region", () => {
      expect(toyProvider().diffConfig({ region: "a" }, { region: "b" })).to.deep.equal(["region"]);
      expect(toyProvider().diffConfig({ region: "a", maxRetries: "1" }, { region: "a" })).to.deep.equal([]);
    });
  });

  describe("update", () => {
    const inputs = { name: "worker-1", assumeRolePolicy: "{}" };
    const before = toyProvider().create(role, inputs).state;

    it("keeps computed outputs of a resource that was renamed with an alias", () => {
      const renamed = subject(role.type, "labourer");
      const after = toyProvider().update(renamed, before, inputs, { ...inputs, assumeRolePolicy: "{ }" });
      expect(after).to.deep.equal({ ...before, assumeRolePolicy: "{ }" });
    });

    it("answers new outputs where the change touches them", () => {
      const olds = { name: "work-1" };
      const { state } = toyProvider().create(queue, olds);
      const after = toyProvider().update(queue, state, olds, { name: "work-1", visibilityTimeoutSeconds: 60 });
      expect(after.visibilityTimeoutSeconds).to.equal(60);
    });
  });

  describe("configuration", () => {
    it("is checked against the schema, read from the engine's JSON texts", () => {
      const config = { region: "eu-west-1", maxRetries: '"five"', defaultTags: '{"tag":{}}', version: "7" };
      expect(
        toyProvider()
          .checkConfig(config)
          .map(({ path }) => path),
      ).to.deep.equal(["maxRetries", "defaultTags.tag"]);
    });
  });

  it("names a data source that it does not know", () => {
    expect(() => toyProvider().invoke("aws:ec2/getAmi:getAmi", {})).to.throw("aws:ec2/getAmi:getAmi");
  });
});

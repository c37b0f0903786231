import { Obstacle } from "../obstacle";
import type { Declared, Inputs, ResourceType } from "../resourceType";
import { tableArn } from "./tableArn";
import { type Input, type TableRecord } from "./dynalite";
import { STREAM_LABEL, streamArn } from "./streams";
import { isOperationError } from "./operationError";
import type { DynamodbAdmin } from "./dynamodb";

/** `aws:dynamodb/table:Table`, by the SDK's property names. */
interface TableInputs {
  name: string;
  hashKey: string;
  rangeKey?: string;
  attributes: { name: string; type: string }[];
  billingMode?: string;
  readCapacity?: number;
  writeCapacity?: number;
  deletionProtectionEnabled?: boolean;
  globalSecondaryIndexes?: IndexInputs[];
  localSecondaryIndexes?: IndexInputs[];
  pointInTimeRecovery?: { enabled: boolean };
  serverSideEncryption?: { enabled: boolean; kmsKeyArn?: string };
  streamEnabled?: boolean;
  streamViewType?: string;
  tableClass?: string;
  tags?: Record<string, string>;
  ttl?: { attributeName?: string; enabled?: boolean };
}
interface IndexInputs {
  name: string;
  hashKey?: string;
  rangeKey?: string;
  projectionType: string;
  nonKeyAttributes?: string[];
  readCapacity?: number;
  writeCapacity?: number;
}

export const dynamodbResourceTypes: Record<string, ResourceType<{ dynamodb: DynamodbAdmin }>> = {
  "aws:dynamodb/table:Table": {
    properties: [
      "attributes",
      "billingMode",
      "deletionProtectionEnabled",
      "globalSecondaryIndexes",
      "hashKey",
      "localSecondaryIndexes",
      "name",
      "onDemandThroughput",
      "pointInTimeRecovery",
      "rangeKey",
      "readCapacity",
      "serverSideEncryption",
      "streamEnabled",
      "streamViewType",
      "tableClass",
      "tags",
      "ttl",
      "writeCapacity",
    ],
    autoname: { property: "name", maxLength: 255 },
    replaceOn: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
    holdsData: true,
    defaults: { billingMode: "PROVISIONED", tableClass: "STANDARD", streamEnabled: false },
    outputs: ({ inputs, place }) => ({
      id: inputs.name as string,
      arn: tableArn(inputs.name as string, place),
      ...(inputs.streamEnabled === true
        ? { streamArn: streamArn(inputs.name as string, place), streamLabel: STREAM_LABEL }
        : { streamArn: "", streamLabel: "", streamViewType: "" }),
    }),
    apply: ({ dynamodb }, resource) => applyTable(dynamodb, resource),
  },
};

async function applyTable(dynamodb: DynamodbAdmin, resource: Declared): Promise<void> {
  const inputs = resource.inputs as unknown as TableInputs;
  const wanted = schemaOf(inputs);
  const existing = await findTable(dynamodb, inputs.name);
  if (existing === undefined) {
    await dynamodb.call("CreateTable", wanted);
    while ((await findTable(dynamodb, inputs.name))?.TableStatus !== "ACTIVE") await new Promise(setImmediate);
  } else {
    requireSameSchema(resource, existing, wanted);
  }
  await applySettings(dynamodb, inputs);
}

async function findTable(dynamodb: DynamodbAdmin, name: string): Promise<TableRecord | undefined> {
  try {
    return (await dynamodb.call("DescribeTable", { TableName: name })).Table as TableRecord;
  } catch (error) {
    if (isOperationError(error) && error.body.__type.endsWith("#ResourceNotFoundException")) return undefined;
    throw error;
  }
}

function schemaOf(inputs: TableInputs): Input {
  const provisioned = (inputs.billingMode ?? "PROVISIONED") === "PROVISIONED";
  const throughput = (of: { readCapacity?: number; writeCapacity?: number }): Inputs =>
    provisioned
      ? {
          ProvisionedThroughput: {
            ReadCapacityUnits: of.readCapacity ?? 1,
            WriteCapacityUnits: of.writeCapacity ?? 1,
          },
        }
      : {};
  const index = (of: IndexInputs, hashKey: string): Inputs => ({
    IndexName: of.name,
    KeySchema: keySchema(of.hashKey ?? hashKey, of.rangeKey),
    Projection: {
      ProjectionType: of.projectionType,
      ...(of.nonKeyAttributes === undefined ? {} : { NonKeyAttributes: of.nonKeyAttributes }),
    },
  });
  const { globalSecondaryIndexes: global = [], localSecondaryIndexes: local = [] } = inputs;
  return {
    TableName: inputs.name,
    AttributeDefinitions: inputs.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(inputs.hashKey, inputs.rangeKey),
    BillingMode: inputs.billingMode ?? "PROVISIONED",
    ...throughput(inputs),
    ...(global.length === 0
      ? {}
      : { GlobalSecondaryIndexes: global.map((of) => ({ ...index(of, inputs.hashKey), ...throughput(of) })) }),
    ...(local.length === 0 ? {} : { LocalSecondaryIndexes: local.map((of) => index(of, inputs.hashKey)) }),
  };
}

function keySchema(hashKey: string, rangeKey: string | undefined): Inputs[] {
  const hash = { AttributeName: hashKey, KeyType: "HASH" };
  return rangeKey === undefined ? [hash] : [hash, { AttributeName: rangeKey, KeyType: "RANGE" }];
}

/** Properties that cannot change in place: keys, the types of their attributes, and indexes. */
function requireSameSchema(resource: Declared, existing: TableRecord, wanted: Input): void {
  const [has, declared] = [partsOf(existing), partsOf(wanted)];
  const changes = [...new Set([...has.keys(), ...declared.keys()])]
    .filter((part) => has.get(part) !== declared.get(part))
    .map((part) => `${part}: ${has.get(part) ?? "none"}, now ${declared.get(part) ?? "none"}`);
  if (changes.length === 0) return;
  throw new Obstacle(
    "stored data",
    `Table ${resource.name} (${existing.TableName}) holds data, and the program declares other keys or indexes than it ` +
      `has (${changes.join("; ")}). Neither a table that holds data nor its index is replaced`,
  );
}

/** The parts that cannot change, as text: the table's keys, the types of attributes, and each index. */
function partsOf(table: Input): Map<string, string> {
  const attributes = (table.AttributeDefinitions as { AttributeName: string; AttributeType: string }[])
    .map(({ AttributeName: name, AttributeType: type }) => `${name} ${type}`)
    .sort();
  const indexes = [table.GlobalSecondaryIndexes, table.LocalSecondaryIndexes].flatMap(
    (list) => (list as SecondaryIndex[] | undefined) ?? [],
  );
  return new Map([
    ["keys", keysText(table.KeySchema as KeyPart[])],
    ["attributes", attributes.join(", ")],
    ...indexes.map(({ IndexName, KeySchema, Projection }): [string, string] => {
      const { ProjectionType, NonKeyAttributes = [] } = Projection;
      return [`index ${IndexName}`, [keysText(KeySchema), ProjectionType, ...[...NonKeyAttributes].sort()].join(" ")];
    }),
  ]);
}

interface KeyPart {
  AttributeName: string;
}
interface SecondaryIndex {
  IndexName: string;
  KeySchema: KeyPart[];
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
}
const keysText = (keys: KeyPart[]): string => `(${keys.map(({ AttributeName }) => AttributeName).join(", ")})`;

async function applySettings(dynamodb: DynamodbAdmin, inputs: TableInputs): Promise<void> {
  const table = { TableName: inputs.name };
  await dynamodb.call("UpdateTable", {
    ...table,
    DeletionProtectionEnabled: inputs.deletionProtectionEnabled ?? false,
    TableClass: inputs.tableClass ?? "STANDARD",
    SSESpecification: {
      Enabled: inputs.serverSideEncryption?.enabled ?? false,
      ...(inputs.serverSideEncryption?.kmsKeyArn === undefined
        ? {}
        : { KMSMasterKeyId: inputs.serverSideEncryption.kmsKeyArn }),
    },
  });
  await dynamodb.call("UpdateContinuousBackups", {
    ...table,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: inputs.pointInTimeRecovery?.enabled ?? false },
  });
  await applyStream(dynamodb, inputs);
  await applyTimeToLive(dynamodb, inputs);
  const arn = ((await dynamodb.call("DescribeTable", table)).Table as TableRecord).TableArn;
  const tags = Object.entries(inputs.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const old = (await dynamodb.call("ListTagsOfResource", { ResourceArn: arn })).Tags as { Key: string }[];
  const gone = old.map(({ Key }) => Key).filter((key) => !tags.some(({ Key }) => Key === key));
  if (gone.length > 0) await dynamodb.call("UntagResource", { ResourceArn: arn, TagKeys: gone });
  if (tags.length > 0) await dynamodb.call("TagResource", { ResourceArn: arn, Tags: tags });
}

async function applyStream(
  dynamodb: DynamodbAdmin,
  { name, streamEnabled, streamViewType }: TableInputs,
): Promise<void> {
  const table = { TableName: name };
  const stream = ((await dynamodb.call("DescribeTable", table)).Table as TableRecord).StreamSpecification;
  const current = (stream as { StreamViewType?: string } | undefined)?.StreamViewType;
  const wanted = streamEnabled === true ? streamViewType : undefined;
  if (current === wanted) return;
  const change = (StreamSpecification: object): Promise<unknown> =>
    dynamodb.call("UpdateTable", { ...table, StreamSpecification });
  if (current !== undefined) await change({ StreamEnabled: false });
  if (wanted !== undefined) await change({ StreamEnabled: true, StreamViewType: wanted });
}

async function applyTimeToLive(dynamodb: DynamodbAdmin, inputs: TableInputs): Promise<void> {
  const table = { TableName: inputs.name };
  const change = (attribute: string, enabled: boolean): Promise<unknown> =>
    dynamodb.call("UpdateTimeToLive", {
      ...table,
      TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled },
    });
  const { TimeToLiveDescription: description } = await dynamodb.call("DescribeTimeToLive", table);
  const current = (description as { AttributeName?: string }).AttributeName;
  const wanted = inputs.ttl?.enabled === true ? inputs.ttl.attributeName : undefined;
  if (current === wanted) return;
  if (current !== undefined) await change(current, false);
  if (wanted !== undefined) await change(wanted, true);
}

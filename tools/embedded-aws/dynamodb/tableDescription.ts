import type { Place } from "../place";
import { stableUuid } from "../stableUuid";
import type { Output, TableRecord } from "./dynalite";
import { STREAM_LABEL, streamArn } from "./streams";
import type { TableSettings } from "./tableSettings";

/** A table as the operations on tables describe it, with what dynalite does not know. */
export function describeTable(table: TableRecord, settings: TableSettings, place: Place): Output {
  const { deletionProtection, tableClass, encryption, stream } = settings;
  return {
    ...table,
    // dynalite's own is not a UUID.
    TableId: stableUuid(`table ${String(table.TableId)}`),
    DeletionProtectionEnabled: deletionProtection ?? false,
    ...(tableClass === undefined ? {} : { TableClassSummary: { TableClass: tableClass } }),
    ...(stream !== undefined && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
      LatestStreamLabel: STREAM_LABEL,
      LatestStreamArn: streamArn(table.TableName, place),
    }),
    ...(encryption?.Enabled === true ? { SSEDescription: describeEncryption(encryption, place, "ENABLED") } : {}),
  };
}

/** Without a key of its own a table is encrypted with the account's key for DynamoDB. */
export function describeEncryption(encryption: Record<string, unknown>, place: Place, Status: string): Output {
  const { partition, region, accountId } = place;
  const given = typeof encryption.KMSMasterKeyId === "string" ? encryption.KMSMasterKeyId : undefined;
  const key = given ?? stableUuid(`aws/dynamodb ${region} ${accountId}`);
  const arn = key.startsWith("arn:") ? key : `arn:${partition}:kms:${region}:${accountId}:key/${key}`;
  return { Status, SSEType: encryption.SSEType ?? "KMS", KMSMasterKeyArn: arn };
}

interface Throughput {
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
}

/** A table's warm throughput, which only DescribeTable returns: the provisioned one, or that of a new on-demand table. */
export function warmThroughput(table: TableRecord): Output {
  const warm = ({ ReadCapacityUnits, WriteCapacityUnits }: Throughput = {}): Output => ({
    ReadUnitsPerSecond: ReadCapacityUnits === undefined || ReadCapacityUnits === 0 ? 12_000 : ReadCapacityUnits,
    WriteUnitsPerSecond: WriteCapacityUnits === undefined || WriteCapacityUnits === 0 ? 4000 : WriteCapacityUnits,
    Status: "ACTIVE",
  });
  const indexes = table.GlobalSecondaryIndexes?.map((index) => ({
    ...index,
    WarmThroughput: warm((index as { ProvisionedThroughput?: Throughput }).ProvisionedThroughput),
  }));
  return {
    WarmThroughput: warm(table.ProvisionedThroughput as Throughput | undefined),
    ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }),
  };
}

/** A deleted table is described without its keys and dates (recorded: test_table_crud). */
export const withoutSchema = (table: Output): Output =>
  Object.fromEntries(
    Object.entries(table).filter(([name]) => !["AttributeDefinitions", "KeySchema", "CreationDateTime"].includes(name)),
  );

/** Restoring is possible up to "typically five minutes before the current time" (PointInTimeRecovery_Howitworks.html). */
export function describeBackups({ pointInTimeRecovery, recoverableSince }: TableSettings, now: number): Output {
  const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
  const since = recoverableSince ?? now;
  const description =
    pointInTimeRecovery === true
      ? {
          PointInTimeRecoveryStatus: "ENABLED",
          RecoveryPeriodInDays: 35,
          EarliestRestorableDateTime: seconds(since),
          LatestRestorableDateTime: seconds(Math.max(since, now - 300_000)),
        }
      : { PointInTimeRecoveryStatus: "DISABLED" };
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: description,
    },
  };
}

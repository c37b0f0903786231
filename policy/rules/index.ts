import * as apiAuthorization from "./apigateway/authorization";
import * as apiS3Integration from "./apigateway/s3Integration";
import * as apiStage from "./apigateway/stage";
import * as cloudfront from "./cloudfront/distributions";
import * as dynamodb from "./dynamodb/settings";
import * as eventbridge from "./eventbridge/buses";
import * as house from "./house/images";
import { originals } from "./house/originals";
import { queueAlarms } from "./graph/alarms";
import * as belonging from "./graph/belonging";
import { noLoop } from "./graph/noLoop";
import * as notifications from "./graph/notifications";
import * as queues from "./graph/queues";
import { uploadOrder } from "./graph/uploadOrder";
import { possible } from "./iam/possible";
import * as iamRoles from "./iam/roles";
import * as iamStatements from "./iam/statements";
import * as kms from "./kms/keys";
import * as lambdaEnvironment from "./lambda/environment";
import * as lambdaInvocation from "./lambda/invocation";
import * as lambdaSettings from "./lambda/settings";
import * as logs from "./logs/groups";
import type { Rule } from "./rule";
import * as s3Encryption from "./s3/encryption";
import * as s3Lifecycle from "./s3/lifecycle";
import { ownership } from "./s3/ownership";
import * as s3Policies from "./s3/policies";
import { publicAccessBlock } from "./s3/publicAccessBlock";
import * as s3Settings from "./s3/settings";
import { outlivesDeadLetters } from "./s3/temporaryObjects";
import * as sqsPolicies from "./sqs/policies";
import * as sqsSettings from "./sqs/settings";
import { unknownType } from "./graph/unknownType";

const known: Rule[] = [
  publicAccessBlock,
  ownership,
  s3Policies.noPublicPrincipal,
  s3Policies.tls,
  s3Policies.noForeignAccount,
  s3Encryption.encryption,
  s3Encryption.customerKey,
  s3Encryption.bucketKey,
  s3Settings.versioning,
  s3Lifecycle.lifecycle,
  s3Lifecycle.abortUploads,
  outlivesDeadLetters,
  s3Settings.accessLogging,
  s3Settings.noForceDestroy,
  s3Settings.cors,
  notifications.oneNotification,
  notifications.notificationGrant,

  sqsSettings.encryption,
  sqsSettings.customerKey,
  sqsPolicies.keyAdmitsS3,
  sqsPolicies.tls,
  sqsPolicies.noPublicPrincipal,
  sqsPolicies.noActionWildcard,
  sqsPolicies.s3Source,
  sqsSettings.redrive,
  sqsSettings.leastReceiveCount,
  sqsSettings.advisedReceiveCount,
  sqsSettings.redriveAllow,
  queues.deadLettersLast,
  queues.deadLetterTarget,
  queues.deadLetterQueueUsed,
  queues.visibility,
  queueAlarms,

  lambdaInvocation.permission,
  lambdaSettings.runtime,
  lambdaSettings.tracing,
  lambdaSettings.timeout,
  lambdaInvocation.timeoutBelowVisibility,
  lambdaSettings.memory,
  lambdaInvocation.reservedConcurrency,
  lambdaInvocation.maximumConcurrency,
  lambdaInvocation.batchItemFailures,
  lambdaInvocation.noFilters,
  lambdaSettings.deadLetters,
  lambdaSettings.network,
  lambdaEnvironment.noSecrets,
  lambdaEnvironment.environmentSize,
  lambdaSettings.environmentKey,
  lambdaSettings.codeSigning,
  lambdaSettings.functionUrl,
  belonging.ownRole,

  dynamodb.pointInTimeRecovery,
  dynamodb.deletionProtection,
  dynamodb.customerKey,
  dynamodb.capacity,
  dynamodb.backup,

  apiAuthorization.authorised,
  apiAuthorization.ownSecurity,
  apiAuthorization.requestValidator,
  apiStage.accessLog,
  apiStage.executionLog,
  apiStage.noDataTrace,
  apiStage.throttles,
  apiStage.webFirewall,
  apiStage.tracing,
  apiStage.domainTls,
  apiS3Integration.s3Integration,
  apiS3Integration.oneResponseEach,
  uploadOrder,

  iamStatements.noActionWildcard,
  iamStatements.noResourceWildcard,
  iamRoles.noManagedPolicy,
  iamRoles.trust,
  iamStatements.noEscalation,
  possible,

  kms.rotation,
  kms.noPublicPrincipal,
  kms.deletionWindow,

  logs.perFunction,
  logs.retention,
  logs.customerKey,
  logs.aYear,

  cloudfront.originAccess,
  cloudfront.https,
  cloudfront.tls,
  cloudfront.responseHeaders,

  eventbridge.noPublicPrincipal,
  eventbridge.permission,

  noLoop,
  belonging.oneOfEach,
  belonging.ownPolicy,

  house.untrustedLoaders,
  house.decoderMemory,
  house.batchTime,
  house.layerArchitecture,
  originals,
];

/** Every rule of the pack, in the order of its documentation. */
export const rules: readonly Rule[] = [...known, unknownType(known)];

/** Type tokens that several rules name. */
export const BUCKET = "aws:s3/bucket:Bucket";
export const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
export const QUEUE = "aws:sqs/queue:Queue";
export const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
export const FUNCTION = "aws:lambda/function:Function";
export const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
export const ROLE = "aws:iam/role:Role";
export const KEY = "aws:kms/key:Key";
export const TABLE = "aws:dynamodb/table:Table";
export const REST_API = "aws:apigateway/restApi:RestApi";
export const STAGE = "aws:apigateway/stage:Stage";
export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
export const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
export const POLICY = "aws:iam/policy:Policy";
export const TOPIC = "aws:sns/topic:Topic";
export const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";

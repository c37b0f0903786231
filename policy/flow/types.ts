/** Type tokens of resources that work passes through. */
export const BUS = "aws:cloudwatch/eventBus:EventBus";
export const EVENT_RULE = "aws:cloudwatch/eventRule:EventRule";
export const FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
export const STATE_MACHINE = "aws:sfn/stateMachine:StateMachine";
export const STREAM = "aws:kinesis/stream:Stream";

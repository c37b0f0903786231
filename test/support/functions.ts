import { FunctionList } from "../../components/functionList";
import type { FunctionDefaults } from "../../components/imageFunction";

/** Arguments that a component needs in order to declare functions. */
export const functions: FunctionDefaults = {
  layer: { arn: "arn:aws:lambda:eu-west-1:123456789012:layer:packages:1" as never, architecture: "arm64" },
  logRetentionDays: 7,
  tracing: true,
  list: new FunctionList(),
  alarms: { actions: [], names: [], arns: [] },
};

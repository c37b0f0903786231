import { answerInvoke } from "../program/invokes";
import { physicalName } from "../program/naming";
import { ACCOUNT_ID } from "../place";
import { resourceTypes } from "../resources";
import { AwsProvider, type Subject } from "./provider";
import schema from "./schema.json";
import { serve } from "./service";

const [, version = ""] = schema.source.split(" ");

const provider = new AwsProvider({
  types: resourceTypes,
  schema: schema,
  invoke: answerInvoke,
  nameFor: (type, subject, inputs) => physicalName({ ...identityOf(subject), inputs }, type),
  placeIn: (region) => ({
    accountId: ACCOUNT_ID,
    region,
    partition: "aws",
    awsUrl: `https://sqs.${region}.amazonaws.com`,
    apiUrl: `https://{apiId}.execute-api.${region}.amazonaws.com`,
  }),
});

/** `urn:pulumi:<stack>::<project>::<types>::<name>` taken apart. */
function identityOf({ urn, type, name }: Subject): { project: string; stack: string; type: string; name: string } {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { project, stack, type, name };
}

serve(provider, version).then(
  // The engine reads the port from the first line.
  (port) => console.log(port),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

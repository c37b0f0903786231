import * as pulumi from "@pulumi/pulumi";
import * as pulumiState from "@pulumi/pulumi/runtime/state";

/** A resource that the program declared. */
export interface Recorded {
  type: string;
  name: string;
  state: Record<string, unknown>;
}

const standing: Record<string, Record<string, unknown>> = {
  "aws:iam/getRoles:getRoles": { names: [] },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  "aws:index/getRegion:getRegion": { region: "eu-west-1" },
  "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": { arn: "arn:aws:iam::123456789012:oidc-provider/there" },
};

/**
 * Runs a program of its own on mocks: every resource gets an ARN with its name, and nothing else that AWS computes.
 * @param main absolute path of its main file, which is loaded again
 * @param there what the account answers to its look-ups, by their token
 */
export async function recordProgram(
  main: string,
  config: Record<string, string>,
  there: Record<string, Record<string, unknown>> = {},
): Promise<Recorded[]> {
  const answers = { ...standing, ...there };
  const { withLocalStorage } = pulumiState as unknown as {
    withLocalStorage: (run: () => Promise<void>) => Promise<void>;
  };
  const resources: Recorded[] = [];
  await withLocalStorage(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          const state = { arn: `arn:of:${name}`, name, ...(inputs as Record<string, unknown>) };
          resources.push({ type, name, state });
          return { id: name, state };
        },
        call: ({ token }) => {
          const answer = answers[token];
          if (!answer) throw new Error(`the test has no answer for ${token}`);
          return answer;
        },
      },
      "snail-images-deploy",
      "prod",
    );
    pulumi.runtime.setAllConfig(config);
    await pulumi.runtime.runInPulumiStack(async () => {
      Reflect.deleteProperty(require.cache, main);
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      return require(main) as Record<string, unknown>;
    });
    await pulumi.runtime.disconnect();
  });
  return resources;
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { GitHubRole, policyText } from "./gitHubRole";
import { functionBoundary, roleReadStatement, roleStatements, serviceStatements, stateStatements } from "./rights";
import { readDeploySettings } from "./settings";

const { repository, stack, providerExists, ...state } = readDeploySettings();
const url = "https://token.actions.githubusercontent.com";

const account = pulumi
  .all([aws.getPartitionOutput(), aws.getRegionOutput(), aws.getCallerIdentityOutput()])
  .apply(([{ partition }, { region }, { accountId }]) => ({ partition, region, accountId }));

const providerArn = providerExists
  ? aws.iam.getOpenIdConnectProviderOutput({ url }).arn
  : new aws.iam.OpenIdConnectProvider("github", { url, clientIdLists: ["sts.amazonaws.com"] }).arn;

const boundary = new aws.iam.Policy(`snail-images-${stack}-functions`, {
  description: "The most that a function of the image service may do",
  policy: account.apply((where) => policyText("the functions' boundary", functionBoundary(where))),
});

const preview = new GitHubRole(`snail-images-${stack}-preview`, {
  providerArn,
  repository,
  environments: [`preview-${stack}`],
  statements: account.apply((where) => [
    ...serviceStatements(where, "read"),
    roleReadStatement(where),
    ...stateStatements(where, state, "read"),
  ]),
});

const deploy = new GitHubRole(`snail-images-${stack}-deploy`, {
  providerArn,
  repository,
  environments: [stack],
  statements: pulumi
    .all([account, boundary.arn])
    .apply(([where, arn]) => [
      ...serviceStatements(where, "write"),
      ...roleStatements(where, arn),
      ...stateStatements(where, state, "write"),
    ]),
});

/** The variable PREVIEW_ROLE_ARN of the GitHub environment `preview-<stack>`. */
export const previewRoleArn = preview.arn;
/** The variable DEPLOY_ROLE_ARN of the GitHub environment `<stack>`. */
export const deployRoleArn = deploy.arn;
/** The setting `snail-images:permissionsBoundary` of the stack. */
export const functionBoundaryArn = boundary.arn;

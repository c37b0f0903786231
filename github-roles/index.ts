import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { GitHubRole, policyText } from "./gitHubRole";
import { deployRoleNames, refuseOtherStacks } from "./oneStack";
import {
  functionBoundary,
  mappingStatement,
  roleReadStatement,
  roleStatements,
  serviceStatements,
  stateStatements,
  verifyStatements,
} from "./rights";
import { readDeploySettings } from "./settings";

const { repository, providerExists, ...state } = readDeploySettings();
const { stack } = state;
const url = "https://token.actions.githubusercontent.com";

const account = pulumi
  .all([aws.getRegionOutput(), aws.getCallerIdentityOutput(), aws.iam.getRolesOutput({ nameRegex: deployRoleNames })])
  .apply(([{ region }, { accountId }, { names }]) => {
    refuseOtherStacks(stack, names);
    return { region, accountId };
  });

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
  environments: [`preview-${stack}`, `drift-${stack}`],
  statements: {
    rights: account.apply((where) => [
      ...serviceStatements(where, "read"),
      roleReadStatement(where),
      ...stateStatements(state, "read"),
    ]),
  },
});

const deploy = new GitHubRole(`snail-images-${stack}-deploy`, {
  providerArn,
  repository,
  environments: [stack],
  statements: {
    rights: account.apply((where) => [...serviceStatements(where, "write"), mappingStatement(where)]),
    "role-rights": pulumi.all([account, boundary.arn]).apply(([where, arn]) => roleStatements(where, arn)),
    "run-rights": account.apply((where) => [...stateStatements(state, "write"), ...verifyStatements(where, stack)]),
  },
});

/** The variable PREVIEW_ROLE_ARN of the GitHub environments `preview-<stack>` and `drift-<stack>`. */
export const previewRoleArn = preview.arn;
/** The variable DEPLOY_ROLE_ARN of the GitHub environment `<stack>`. */
export const deployRoleArn = deploy.arn;
/** The setting `snail-images:permissionsBoundary` of the stack. */
export const functionBoundaryArn = boundary.arn;

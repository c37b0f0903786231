import { refusalOf, serviceOf, type ServiceFlags } from "./service";

/** `snail delete NAME…`. Tells each name; ends with 1 where one could not be deleted. */
export async function run(flags: ServiceFlags, names: string[]): Promise<number> {
  const { api } = serviceOf(flags);
  let failed = 0;
  for (const name of names) {
    const answer = await api.delete(name);
    if (answer.status === 202) console.log(`${name}  ${answer.image.status ?? ""}`);
    else {
      failed += 1;
      const reason = answer.status === 404 ? "there is no such image" : refusalOf(answer).message;
      console.error(`${name}  not deleted: ${reason}`);
    }
  }
  return failed === 0 ? 0 : 1;
}

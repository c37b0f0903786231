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
      console.error(`${name}  ${refusalOf(answer).message}`);
    }
  }
  return failed === 0 ? 0 : 1;
}

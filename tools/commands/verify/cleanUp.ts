import type { Check } from "./check";
import { callsOfApi } from "./policy";
import { statusText } from "./uploads";

/** Deletes everything that the checks uploaded. */
export const cleanUp: Check = {
  title: "Nothing is left behind",
  rights: callsOfApi,
  async run({ api, see, wait }) {
    const names = [...api.names];
    const ends = await Promise.all(
      names.map(async (name) => {
        const answer = await api.delete(name);
        if (answer.status === 404) return "404";
        const end = await wait(
          `the deletion of ${name}`,
          () => api.get(name),
          ({ status }) => status === 410,
        );
        return end.status === 410 ? "410" : `${name} ${statusText(end)}`;
      }),
    );
    const left = ends.filter((end) => end !== "404" && end !== "410");
    see({
      asked: `DELETE of ${names.length} names, then GET until each is gone`,
      expected: "all gone",
      seen: left.length === 0 ? "all gone" : left.join(", "),
    });
  },
};

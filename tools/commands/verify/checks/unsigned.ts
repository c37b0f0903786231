import type { Check } from "../check";

/** Calls without a signature or token reach nothing. */
export const unsigned: Check = {
  title: "Unsigned calls are refused",
  rights: () => [],
  async run({ api, see, target }) {
    const refusal = { iam: "403", cognito: "401", none: "not 401 or 403, as apiAuth is none" }[target.apiAuth];
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      const name = api.name("unsigned.jpg");
      if (method === "PUT") api.names.add(name);
      const body = method === "PUT" ? new Uint8Array(1) : undefined;
      const { status } = await api.call(method, name, { body, anonymous: true });
      const open = target.apiAuth === "none" && status !== 401 && status !== 403;
      see({ asked: `${method} ${name}, unsigned`, expected: refusal, seen: open ? refusal : String(status) });
    }
  },
};

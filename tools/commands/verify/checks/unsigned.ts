import type { Check } from "../check";
import type { Answer } from "../imageApiClient";

/** Calls without a signature or token reach nothing. */
export const unsigned: Check = {
  title: "Unsigned calls are refused",
  rights: () => [],
  async run({ api, see, target }) {
    const refusal = { iam: "403", cognito: "401", none: "not 401 or 403, as apiAuth is none" }[target.apiAuth];
    const look = (asked: string, { status }: Answer): void => {
      const open = target.apiAuth === "none" && status !== 401 && status !== 403;
      see({ asked: `${asked}, unsigned`, expected: refusal, seen: open ? refusal : String(status) });
    };
    const anonymous = true;
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      const name = api.name("unsigned.jpg");
      if (method === "PUT") api.names.add(name);
      const body = method === "PUT" ? new Uint8Array(1) : undefined;
      look(`${method} ${name}`, await api.call(method, name, { body, anonymous }));
    }
    look("POST /uploads", await api.grant({ object: api.name("unsigned.jpg") }, { anonymous }));
  },
};

import { expect } from "chai";
import fc from "fast-check";

import { loopsFrom } from "../../flow/loops";
import { FUNCTION } from "../../model/awsTypes";
import { Graph } from "../../model/graph";
import type { Resource } from "../../model/resource";
import {
  allow,
  arn,
  bucket,
  created,
  grants,
  lambda,
  mapping,
  notification,
  queue,
  subscription,
  topic,
} from "../parts";

type Kind = "function" | "queue" | "topic" | "folder";
interface Part {
  kind: Kind;
  name: string;
  /** Numbers of the parts that it makes work. */
  next: number[];
}

/** The kinds that each kind can make work. */
const follows: Record<Kind, readonly Kind[]> = {
  function: ["function", "queue", "topic", "folder"],
  queue: ["function"],
  topic: ["function", "queue"],
  folder: ["function", "queue", "topic"],
};

const arnOf = ({ kind, name }: Part): string => {
  if (kind === "folder") return `arn:aws:s3:::photos/${name}/*`;
  return kind === "function" ? arn("lambda", `function:${name}`) : arn({ queue: "sqs", topic: "sns" }[kind], name);
};
const actions = {
  function: "lambda:InvokeFunction",
  queue: "sqs:SendMessage",
  topic: "sns:Publish",
  folder: "s3:PutObject",
};

/** The resources that make each part's next ones work. All folders are of one bucket. */
function stackOf(parts: readonly Part[]): Resource[] {
  const nextOf = ({ next }: Part): Part[] => next.flatMap((at) => parts[at] ?? []);
  const entries = (kind: Kind, property: string) =>
    parts.flatMap((part) =>
      part.kind !== "folder"
        ? []
        : nextOf(part)
            .filter((to) => to.kind === kind)
            .map((to) => ({ ...created, filterPrefix: `${part.name}/`, [property]: arnOf(to) })),
    );
  const resources = parts.flatMap((part): Resource[] => {
    switch (part.kind) {
      case "function":
        return [
          ...lambda(part.name),
          grants(part.name, ...nextOf(part).map((to) => allow(actions[to.kind], arnOf(to)))),
        ];
      case "queue":
        return [
          queue(part.name),
          ...nextOf(part).map((to) => mapping(arnOf(part), to.name, `${part.name}-${to.name}`)),
        ];
      case "topic":
        return [
          topic(part.name),
          ...nextOf(part).map((to) => subscription(part.name, to.kind === "queue" ? "sqs" : "lambda", to.name)),
        ];
      case "folder":
        return [];
    }
  });
  return [
    ...resources,
    bucket("photos"),
    notification("photos", {
      queues: entries("queue", "queueArn"),
      topics: entries("topic", "topicArn"),
      lambdaFunctions: entries("function", "lambdaFunctionArn"),
    }),
  ];
}

const chainsIn = (parts: readonly Part[]): string[] => {
  const graph = new Graph(stackOf(parts));
  return graph.all(FUNCTION).flatMap((each) => {
    const { chains, unknown } = loopsFrom(graph, each);
    expect(unknown).to.deep.equal([]);
    return chains;
  });
};

const kinds = fc.constantFrom<Kind>("function", "queue", "topic", "folder");
/** Parts that make only later ones work. */
const withoutLoop = fc
  .array(fc.tuple(kinds, fc.infiniteStream(fc.boolean())), { minLength: 1, maxLength: 9 })
  .map((drawn) =>
    drawn.map(([kind, choices], at): Part => {
      const later = drawn.flatMap(([other], to) => (to > at && follows[kind].includes(other) ? [to] : []));
      return { kind, name: `part${at}`, next: later.filter(() => choices.next().value === true) };
    }),
  );

describe("loops", () => {
  it("are not found where there are none", () => {
    fc.assert(fc.property(withoutLoop, (parts) => void expect(chainsIn(parts)).to.deep.equal([])));
  });

  it("are found through whatever they go, with each part named", () => {
    fc.assert(
      fc.property(withoutLoop, fc.array(kinds, { maxLength: 4 }), fc.nat(), (parts, drawn, choice) => {
        const first = { kind: "function", name: "first", next: [] } as Part;
        // The way begins and ends at a function; kinds that cannot follow are left out.
        const way = drawn.reduce<Part[]>(
          (done, kind, at) =>
            follows[done.at(-1)?.kind ?? "function"].includes(kind)
              ? [...done, { kind, name: `way${at}`, next: [] }]
              : done,
          [first],
        );
        const offset = parts.length;
        const loop = way.map((part, at) => ({ ...part, next: [offset + ((at + 1) % way.length)] }));
        // The loop is also begun by another part, where one can.
        const before = parts.map((part, at) =>
          at === choice % parts.length && follows[part.kind].includes("function")
            ? { ...part, next: [...part.next, offset] }
            : part,
        );
        const chains = chainsIn([...before, ...loop]);
        expect(chains).to.have.lengthOf(1);
        for (const { kind, name } of loop)
          expect(chains[0]).to.include(kind === "folder" ? `keys such as "${name}/` : `${kind} ${name}`);
      }),
    );
  });
});

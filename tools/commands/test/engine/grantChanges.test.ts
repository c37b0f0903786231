import { expect } from "chai";
import { compareGrants, grantSentences } from "../../pull-request/grantChanges";
import type { Grant } from "../../pull-request/grants";

const read: Grant = {
  holder: "role `r`",
  effect: "Allow",
  principal: "",
  action: "s3:GetObject",
  resource: "arn:aws:s3:::images/raw/*",
  condition: "",
};
const condition = '{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::images"}}';

const say = (before: Grant[], after: Grant[]): string[] =>
  grantSentences(compareGrants(before, after)).map(({ kind, text }) => `${kind}: ${text}`);

describe("changes of permissions, in words", () => {
  const cases: [string, Grant[], Grant[], string[]][] = [
    ["nothing, when nothing changes", [read], [read], []],
    ["an added grant", [], [read], ["added: role `r`: may `s3:GetObject` on `s3 images/raw/*`"]],
    ["a removed grant", [read], [], ["removed: role `r`: no longer may `s3:GetObject` on `s3 images/raw/*`"]],
    [
      "a wider resource",
      [read],
      [{ ...read, resource: "arn:aws:s3:::images/*" }],
      ["widened: role `r`: may `s3:GetObject` on `s3 images/*`; before: on `s3 images/raw/*`"],
    ],
    [
      "a wider action",
      [read],
      [{ ...read, action: "s3:Get*" }],
      ["widened: role `r`: may `s3:Get*` on `s3 images/raw/*`; before: `s3:GetObject`"],
    ],
    [
      "a narrower resource",
      [{ ...read, resource: "arn:aws:s3:::images/*" }],
      [read],
      ["narrowed: role `r`: may `s3:GetObject` on `s3 images/raw/*`; before: on `s3 images/*`"],
    ],
    [
      "a condition that goes",
      [{ ...read, condition }],
      [read],
      [
        "widened: role `r`: may `s3:GetObject` on `s3 images/raw/*`; before: only if `aws:SourceArn` (ArnLike) is `s3 images`",
      ],
    ],
    [
      "a condition that comes",
      [read],
      [{ ...read, condition }],
      [
        "narrowed: role `r`: may `s3:GetObject` on `s3 images/raw/*` only if `aws:SourceArn` (ArnLike) is `s3 images`; before: without a condition",
      ],
    ],
    [
      "a principal that becomes everybody",
      [{ ...read, principal: "s3.amazonaws.com" }],
      [{ ...read, principal: "*" }],
      ["widened: role `r`: `*` may `s3:GetObject` on `s3 images/raw/*`; before: by `s3.amazonaws.com`"],
    ],
    [
      "a Deny that shrinks as a widening",
      [{ ...read, effect: "Deny", resource: "*" }],
      [{ ...read, effect: "Deny" }],
      ["widened: role `r`: it is denied `s3:GetObject` on `s3 images/raw/*`; before: on `*`"],
    ],
    [
      "grants that differ in the action only, in one line",
      [],
      [read, { ...read, action: "s3:PutObject" }],
      ["added: role `r`: may `s3:GetObject`, `s3:PutObject` on `s3 images/raw/*`"],
    ],
    [
      "another holder's grant apart",
      [read],
      [{ ...read, holder: "role `s`" }],
      [
        "added: role `s`: may `s3:GetObject` on `s3 images/raw/*`",
        "removed: role `r`: no longer may `s3:GetObject` on `s3 images/raw/*`",
      ],
    ],
  ];
  for (const [what, before, after, expected] of cases)
    it(`tells ${what}`, () => {
      expect(say(before, after)).to.deep.equal(expected);
    });
});

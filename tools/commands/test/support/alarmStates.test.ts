import { expect } from "chai";

import { alarmsNotOk } from "../../support/alarmStates";

describe("the alarms of a stack that are not OK", () => {
  it("are those in another state, and those that CloudWatch does not tell of", () => {
    const quiet = { AlarmName: "quiet", StateValue: "OK", StateReason: "no data" };
    const raised = { AlarmName: "raised", StateValue: "ALARM", StateReason: "2 dead letters" };
    expect(alarmsNotOk(["quiet", "raised", "gone"], [raised, quiet])).to.deep.equal([
      { name: "raised", state: "ALARM", reason: "2 dead letters" },
      { name: "gone", state: "MISSING", reason: "CloudWatch does not tell of it" },
    ]);
  });
});

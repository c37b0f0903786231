import { expect } from "chai";

import { accessLine, accessLogsOf } from "../accessLog";

const time = "2026-01-01T12:00:00.000Z";
const line = (fields: object) =>
  accessLine(time, "Api", JSON.stringify({ httpMethod: "PUT", status: "202", responseLatency: "12", ...fields }));

describe("an API's access log", () => {
  it("is found by the group that a stage of the API writes it to", () => {
    const resource = (name: string, type: string, state: object) => ({
      name,
      type,
      id: `${name}-1`,
      state: { ...state },
    });
    const group = "arn:aws:logs:eu-west-1:000000000000:log-group:access-log-1";
    const stage = (restApi: string, destinationArn?: string) =>
      resource("stage", "aws:apigateway/stage:Stage", {
        restApi,
        accessLogSettings: destinationArn && { destinationArn },
      });
    const api = resource("Api", "aws:apigateway/restApi:RestApi", {});
    for (const arn of [group, `${group}:*`])
      expect([...accessLogsOf([api, stage("Api-1", arn)])]).to.deep.equal([["access-log-1", "Api"]]);
    expect(accessLogsOf([api, stage("Api-1"), stage("another", group)]).size).to.equal(0);
  });

  it("has lines about the image that is written", () => {
    expect(line({ path: "/dev/raw/a%20photo.jpg" })).to.deep.equal({
      time,
      from: "Api",
      level: "INFO",
      text: "PUT /dev/raw/a photo.jpg: 202 in 12 ms",
      name: "a photo.jpg",
    });
    expect(line({ httpMethod: "DELETE", path: "/dev/raw/photo.jpg" })).to.include({ name: "photo.jpg" });
  });

  it("has lines about no image where one is only asked for, or the path is another one", () => {
    expect(line({ httpMethod: "GET", path: "/dev/raw/photo.jpg" })).not.to.have.property("name");
    expect(line({ path: "/dev/uploads" })).not.to.have.property("name");
    expect(line({ path: "/dev/raw/%zz" })).to.include({ name: "%zz" });
  });

  it("tells refusals and failures by their level", () => {
    expect(line({ path: "/", status: "403" })).to.include({ level: "WARN" });
    expect(line({ path: "/", status: "404" })).to.include({ level: "INFO" });
    expect(line({ path: "/", status: "502" })).to.include({ level: "ERROR" });
  });

  it("has no line where the text is another one", () => {
    expect(accessLine(time, "Api", "(1) Execution failed")).to.equal(undefined);
  });
});

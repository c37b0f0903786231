import { expect } from "chai";
import { ec2ResourceTypes } from "../../ec2/resources";
import type { Inputs } from "../../resourceType";
import { testPlace } from "../support/aws";
import { stateOf } from "../support/stateOf";

const outputs = (type: string, name: string, inputs: Inputs): Inputs =>
  stateOf(ec2ResourceTypes, type, { name, inputs, place: testPlace() });

describe("EC2's resource types", () => {
  it("give a network subnets of each kind in each zone", () => {
    const vpc = outputs("awsx:ec2:Vpc", "network", {
      numberOfAvailabilityZones: 2,
      subnetSpecs: [{ type: "Isolated" }],
    });
    expect(vpc.vpcId).to.match(/^vpc-[0-9a-f]{17}$/);
    expect(vpc.isolatedSubnetIds).to.have.length(2);
    expect(vpc.publicSubnetIds).to.deep.equal([]);
    expect(vpc.routeTables).to.have.length(2);
    expect(new Set(vpc.isolatedSubnetIds as string[])).to.have.property("size", 2);

    const usual = outputs("awsx:ec2:Vpc", "usual", {});
    expect(usual.publicSubnetIds).to.have.length(3);
    expect(usual.privateSubnetIds).to.have.length(3);
    expect(usual.vpcId).not.to.equal(vpc.vpcId);
  });

  it("give the rest ids and ARNs in AWS's formats, always the same", () => {
    const cases: [string, Inputs, RegExp][] = [
      [
        "aws:ec2/securityGroup:SecurityGroup",
        { name: "g" },
        /^arn:aws:ec2:eu-central-1:123456789012:security-group\/sg-[0-9a-f]{17}$/,
      ],
      [
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        { vpcId: "vpc-1" },
        /^arn:aws:ec2:eu-central-1:123456789012:vpc-endpoint\/vpce-[0-9a-f]{17}$/,
      ],
      [
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        {},
        /^arn:aws:ec2:eu-central-1:123456789012:security-group-rule\/sgr-[0-9a-f]{17}$/,
      ],
    ];
    for (const [type, inputs, arn] of cases) {
      const state = outputs(type, "a", inputs);
      expect(state.arn).to.match(arn);
      expect(state).to.include(inputs);
      expect(outputs(type, "a", inputs)).to.deep.equal(state);
      expect(outputs(type, "b", inputs).id).not.to.equal(state.id);
    }
  });
});

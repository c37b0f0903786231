import { createHash } from "node:crypto";
import type { Inputs, ResourceType } from "../resourceType";
import type { Place } from "../place";

/**
 * Networks: accepted and kept, without effect. Functions run on this machine and reach its services from any network.
 */
interface Resource {
  name: string;
  inputs: Inputs;
  place: Place;
}

/** An id in EC2's format, always the same for the same resource: `vpc-` and 17 hex digits. */
const ec2Id = (prefix: string, ...identity: unknown[]): string =>
  `${prefix}-${createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 17)}`;

const ec2Arn = ({ partition, region, accountId }: Place, kind: string, id: string): string =>
  `arn:${partition}:ec2:${region}:${accountId}:${kind}/${id}`;

function endpointOutputs({ name, place }: Resource): { id: string } & Inputs {
  const id = ec2Id("vpce", name);
  return {
    id,
    arn: ec2Arn(place, "vpc-endpoint", id),
    cidrBlocks: [],
    dnsEntries: [],
    networkInterfaceIds: [],
    ownerId: place.accountId,
    prefixListId: ec2Id("pl", name),
    requesterManaged: false,
    state: "available",
  };
}

function securityGroupOutputs({ name, place }: Resource): { id: string } & Inputs {
  const id = ec2Id("sg", name);
  return {
    id,
    arn: ec2Arn(place, "security-group", id),
    ownerId: place.accountId,
  };
}

function ruleOutputs({ name, place }: Resource): { id: string } & Inputs {
  const id = ec2Id("sgr", name);
  return { id, securityGroupRuleId: id, arn: ec2Arn(place, "security-group-rule", id) };
}

const securityGroupRule: ResourceType = {
  properties: [
    "cidrIpv4",
    "cidrIpv6",
    "description",
    "fromPort",
    "ipProtocol",
    "prefixListId",
    "referencedSecurityGroupId",
    "securityGroupId",
    "tags",
    "toPort",
  ],
  replaceOn: ["securityGroupId"],
  outputs: ruleOutputs,
};

/** awsx makes one public and one private subnet in each zone unless configured otherwise. */
const defaultSubnets = [{ type: "Public" }, { type: "Private" }];
const defaultZones = 3;

function vpcOutputs({ name, inputs, place }: Resource): { id: string } & Inputs {
  const zones = typeof inputs.numberOfAvailabilityZones === "number" ? inputs.numberOfAvailabilityZones : defaultZones;
  const specs = Array.isArray(inputs.subnetSpecs) ? (inputs.subnetSpecs as Inputs[]) : defaultSubnets;
  const subnets = Array.from({ length: zones }, (_, zone) =>
    specs.map((spec, index) => ({ type: spec.type, id: ec2Id("subnet", name, zone, index), zone })),
  ).flat();
  const idsOf = (type: string): string[] => subnets.filter((subnet) => subnet.type === type).map(({ id }) => id);
  const vpcId = ec2Id("vpc", name);
  return {
    id: vpcId,
    vpcId,
    vpc: { id: vpcId, arn: ec2Arn(place, "vpc", vpcId), ownerId: place.accountId },
    publicSubnetIds: idsOf("Public"),
    privateSubnetIds: idsOf("Private"),
    isolatedSubnetIds: idsOf("Isolated"),
    subnets: subnets.map(({ id }) => ({ id, arn: ec2Arn(place, "subnet", id), vpcId })),
    routeTables: subnets.map((subnet) => {
      const id = ec2Id("rtb", subnet.id);
      return { id, arn: ec2Arn(place, "route-table", id), vpcId };
    }),
    eips: [],
    natGateways: [],
    routes: [],
    routeTableAssociations: [],
    vpcEndpoints: [],
  };
}

export const ec2ResourceTypes: Record<string, ResourceType> = {
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    properties: [
      "autoAccept",
      "dnsOptions",
      "ipAddressType",
      "policy",
      "privateDnsEnabled",
      "routeTableIds",
      "securityGroupIds",
      "serviceName",
      "subnetIds",
      "tags",
      "vpcEndpointType",
      "vpcId",
    ],
    replaceOn: ["serviceName", "vpcEndpointType", "vpcId"],
    defaults: {
      vpcEndpointType: "Gateway",
      privateDnsEnabled: false,
      routeTableIds: [],
      subnetIds: [],
      securityGroupIds: [],
      ipAddressType: "ipv4",
    },
    outputs: endpointOutputs,
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    properties: ["description", "egress", "ingress", "name", "namePrefix", "revokeRulesOnDelete", "tags", "vpcId"],
    autoname: { property: "name", maxLength: 255, prefixProperty: "namePrefix" },
    replaceOn: ["description", "name", "namePrefix", "vpcId"],
    defaults: { description: "Managed by Pulumi", egress: [], ingress: [] },
    outputs: securityGroupOutputs,
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule,
  "awsx:ec2:Vpc": {
    properties: [
      "cidrBlock",
      "enableDnsHostnames",
      "enableDnsSupport",
      "natGateways",
      "numberOfAvailabilityZones",
      "subnetSpecs",
      "subnetStrategy",
      "tags",
    ],
    replaceOn: [],
    outputs: vpcOutputs,
  },
};

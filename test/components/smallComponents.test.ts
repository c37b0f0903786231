import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { Alarms } from "../../components/alarms";
import { FunctionLayer } from "../../components/functionLayer";
import { ImageQueries } from "../../components/imageQueries";
import { ImageStore } from "../../components/imageStore";
import { ImageUploads } from "../../components/imageUploads";
import { IsolatedNetwork, networkFor } from "../../components/isolatedNetwork";
import { functions } from "../support/functions";
import { declare } from "../support/pulumi";

describe("Alarms", () => {
  it("are sent to an e-mail address where one is configured", async () => {
    let actions: unknown;
    const stack = await declare(() => {
      pulumi.all(new Alarms("alarms", { email: "ops@example.com" }).actions).apply((arns) => (actions = arns));
    });
    const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
    expect(stack.inputs("Topic")).to.deep.equal({});
    expect(stack.inputs("TopicSubscription")).to.deep.equal({
      topic,
      protocol: "email",
      endpoint: "ops@example.com",
    });
    expect(stack.legible(actions)).to.deep.equal([topic]);
    expect(stack.ancestors(stack.one("TopicSubscription"))).to.deep.equal(["Alarms alarms"]);
  });

  it("need no topic otherwise", async () => {
    const stack = await declare(() => new Alarms("alarms", {}));
    expect(stack.resources.map(({ name }) => name)).to.deep.equal(["alarms"]);
  });
});

describe("FunctionLayer", () => {
  it("is made for one architecture and the functions' runtime", async () => {
    const stack = await declare(() => {
      new FunctionLayer("packages", {
        content: Promise.resolve(new pulumi.asset.FileArchive("/some/layer")),
        architecture: "x86_64",
      });
    });
    expect(stack.inputs("LayerVersion")).to.deep.equal({
      layerName: "snail-images-test-packages",
      code: { path: "/some/layer" },
      compatibleArchitectures: ["x86_64"],
      compatibleRuntimes: ["nodejs24.x"],
    });
  });
});

describe("ImageUploads", () => {
  it("lets UploadProcess sign uploads under images/, and nothing else", async () => {
    const acceptedFormats = ["jpeg" as const];
    const numbers = { maxBytes: 9, maxPixels: 8, maxSide: 7, maxProportion: 6 };
    const uploadLimits = { acceptedFormats, acceptedExtensions: ["jpg"], ...numbers };
    const stack = await declare(() => {
      const store = new ImageStore("store", { prefix: "", keepData: false });
      new ImageUploads("uploads", { prefix: "", store, functions, uploadLimits });
    });
    const { FunctionLogsPolicy, XRayPolicy, ...policies } = stack.policies("UploadProcess-role");
    expect([FunctionLogsPolicy, XRayPolicy]).not.to.include(undefined);
    expect(policies).to.deep.equal({
      SnailTempImagesBucketPutPolicy: [
        { Effect: "Allow", Action: ["s3:PutObject"], Resource: "arn:aws:s3:::snail-temp-images-test/images/*" },
      ],
    });
    const { environment } = stack.inputs("Function") as { environment: { variables: Record<string, unknown> } };
    const { variables } = environment;
    expect(variables).to.include({ TEMP_IMAGES_BUCKET: "snail-temp-images-test" });
    expect(variables.UPLOAD_LIMITS).to.deep.equal(uploadLimits);
  });
});

describe("ImageQueries", () => {
  it("lets RawImageGetProcess query the table, and sign URLs that read images", async () => {
    const stack = await declare(() => {
      const store = new ImageStore("store", { prefix: "", keepData: false });
      new ImageQueries("queries", { prefix: "", store, functions });
    });
    const { FunctionLogsPolicy, XRayPolicy, ...policies } = stack.policies("RawImageGetProcess-role");
    expect([FunctionLogsPolicy, XRayPolicy]).not.to.include(undefined);
    expect(policies).to.deep.equal({
      SnailTempImagesListPolicy: [
        {
          Effect: "Allow",
          Action: ["s3:ListBucketVersions"],
          Resource: "arn:aws:s3:::snail-temp-images-test",
          Condition: { StringLike: { "s3:prefix": "images/*" } },
        },
      ],
      SnailImagesBucketGetPolicy: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::snail-images-test/*" },
        { Effect: "Deny", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::snail-images-test/raw/*" },
      ],
      ImageMetadataDynamoDBBasicPolicy: [
        {
          Effect: "Allow",
          Action: ["dynamodb:GetItem"],
          Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/ImageMetadata",
        },
      ],
    });
    expect(stack.ancestors(stack.one("Function", "RawImageGetProcess"))).to.deep.equal([
      "ImageFunction RawImageGetProcess",
      "ImageQueries queries",
    ]);
  });

  it("lets RawImageListProcess query the index, read records by name, and sign URLs that read images", async () => {
    const stack = await declare(() => {
      const store = new ImageStore("store", { prefix: "", keepData: false });
      new ImageQueries("queries", { prefix: "", store, functions });
    });
    const { FunctionLogsPolicy, XRayPolicy, ...policies } = stack.policies("RawImageListProcess-role");
    expect([FunctionLogsPolicy, XRayPolicy]).not.to.include(undefined);
    expect(policies).to.deep.equal({
      ImageMetadataDynamoDBBasicPolicy: [
        {
          Effect: "Allow",
          Action: ["dynamodb:Query"],
          Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/ImageMetadata/index/byStatusShard",
        },
        {
          Effect: "Allow",
          Action: ["dynamodb:BatchGetItem"],
          Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/ImageMetadata",
        },
      ],
      SnailImagesBucketGetPolicy: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::snail-images-test/*" },
        { Effect: "Deny", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::snail-images-test/raw/*" },
      ],
    });
  });
});

describe("IsolatedNetwork", () => {
  it("has no way out but to S3, DynamoDB and SQS", async () => {
    const stack = await declare(() => new IsolatedNetwork("network"));
    expect(stack.inputs("awsx:ec2:Vpc")).to.deep.equal({
      numberOfAvailabilityZones: 2,
      subnetStrategy: "Auto",
      subnetSpecs: [{ type: "Isolated" }],
      natGateways: { strategy: "None" },
      enableDnsHostnames: true,
    });
    const { vpcId, isolatedSubnetIds, routeTables } = stack.one("awsx:ec2:Vpc").state as {
      vpcId: string;
      isolatedSubnetIds: string[];
      routeTables: { id: string }[];
    };
    for (const service of ["s3", "dynamodb"]) {
      expect(stack.inputs("VpcEndpoint", `network-${service}`)).to.deep.equal({
        vpcId,
        serviceName: `com.amazonaws.eu-west-1.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds: routeTables.map(({ id }) => id),
      });
    }
    expect(stack.inputs("VpcEndpoint", "network-sqs")).to.deep.equal({
      vpcId,
      serviceName: "com.amazonaws.eu-west-1.sqs",
      vpcEndpointType: "Interface",
      subnetIds: isolatedSubnetIds,
      securityGroupIds: [stack.one("SecurityGroup", "network-sqs-endpoint").id],
      privateDnsEnabled: true,
    });
    expect(stack.inputs("SecurityGroup", "network-sqs-endpoint")).to.deep.equal({
      vpcId,
      description: "SQS endpoint: HTTPS from the functions",
      ingress: [
        {
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          description: "Functions",
          securityGroups: [stack.one("SecurityGroup", "network-functions").id],
        },
      ],
    });
    expect(stack.one("SecurityGroup", "network-functions").given).not.to.have.property("ingress");
  });

  it("is there only where it is configured", async () => {
    const stack = await declare(() => networkFor("aws", {}));
    expect(stack.resources).to.be.empty;
    expect((await declare(() => networkFor("isolated", {}))).all("IsolatedNetwork")).to.have.lengthOf(1);
  });
});

import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { readStackConfig } from "../tools/embedded-aws";
import { checkSettings, readSettings } from "../settings";

const from = { project: "snail-images", stack: "test" };
const configure = (config: Record<string, unknown>): Record<string, string> => ({
  "aws:region": "eu-west-1",
  ...Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `snail-images:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ),
});
const check = (config: Record<string, unknown>) => checkSettings(configure(config), from);

describe("settings", () => {
  it("needs nothing but a region", () => {
    expect(checkSettings({ "aws:region": "us-east-1" }, from)).to.deep.equal({
      region: "us-east-1",
      keepData: true,
      uploadLimits: {
        acceptedFormats: ["jpeg", "png", "webp", "avif"],
        acceptedExtensions: ["jpg", "jpeg", "png", "webp", "avif"],
        maxBytes: 52_428_800,
        maxPixels: 100_000_000,
        maxSide: 65_535,
        maxProportion: 10_000,
      },
      imageTypes: [
        ["large", 2016],
        ["medium", 1280],
        ["small", 640],
        ["preview", 320],
        ["thumbnail", 160],
      ].map(([imageType, edge]) => ({
        imageType,
        width: edge,
        height: edge,
        fit: "inside",
        position: "centre",
        format: "auto",
        quality: 80,
        enlarge: false,
      })),
      api: {
        auth: "iam",
        cognitoUserPoolArn: undefined,
        throttle: { rate: 50, burst: 100 },
      },
      allowedOrigins: [],
      logRetentionDays: 30,
      tracing: true,
      latencyObjectiveSeconds: 30,
      alarmEmail: undefined,
      layer: { architecture: "arm64", folder: undefined },
      maximumConcurrency: {
        RawImagePutProcess: 2,
        ResolutionBasedImagePutProcess: 3,
        ResolutionBasedImageDeleteProcess: 2,
      },
      network: "aws",
      tags: { project: "snail-images", stack: "test" },
    });
  });

  it("serves through CloudFront where it is told to, under a domain with its certificate", () => {
    const deliveryCertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/c-1";
    const delivery = "cloudfront";
    const deliveryDomain = "images.example.com";
    expect(check({})).not.to.have.property("delivery");
    expect(check({ delivery }).delivery).to.deep.equal({});
    expect(check({ delivery, deliveryDomain, deliveryCertificateArn }).delivery).to.deep.equal({
      domain: { name: deliveryDomain, certificateArn: deliveryCertificateArn },
    });
    const together = "must be set together with the other one of deliveryDomain, deliveryCertificateArn; it is not set";
    expect(() => check({ delivery, deliveryDomain })).to.throw(`deliveryCertificateArn ${together}`);
    expect(() => check({ delivery, deliveryCertificateArn })).to.throw(`deliveryDomain ${together}`);
    expect(() => check({ delivery, network: "isolated" })).to.throw(
      "delivery must be presigned when network is isolated, from which CloudFront's API cannot be reached",
    );
  });

  it("takes what is configured", () => {
    const pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbC123";
    const settings = check({
      keepData: false,
      maxBytes: 1000,
      maxPixels: 2000,
      maxSide: 100,
      maxProportion: 3,
      acceptedFormats: ["tiff", "gif"],
      imageTypes: {
        hero: { width: 100, height: 50, fit: "cover", position: "focus", format: "webp", quality: 1, enlarge: true },
      },
      apiAuth: "cognito",
      cognitoUserPoolArn: pool,
      apiThrottle: { rate: 1, burst: 2 },
      allowedOrigins: ["https://a.example"],
      logRetentionDays: 365,
      tracing: false,
      latencyObjectiveSeconds: 30,
      alarmEmail: "ops@example.com",
      layerArchitecture: "x86_64",
      network: "isolated",
      tags: { team: "photos" },
      maximumConcurrency: { RawImagePutProcess: 2, ResolutionBasedImageDeleteProcess: 1000 },
    });
    expect(settings).to.deep.equal({
      region: "eu-west-1",
      keepData: false,
      uploadLimits: {
        acceptedFormats: ["tiff", "gif"],
        acceptedExtensions: ["tif", "tiff", "gif"],
        maxBytes: 1000,
        maxPixels: 2000,
        maxSide: 100,
        maxProportion: 3,
      },
      imageTypes: [
        {
          imageType: "hero",
          width: 100,
          height: 50,
          fit: "cover",
          position: "focus",
          format: "webp",
          quality: 1,
          enlarge: true,
        },
      ],
      api: { auth: "cognito", cognitoUserPoolArn: pool, throttle: { rate: 1, burst: 2 } },
      allowedOrigins: ["https://a.example"],
      logRetentionDays: 365,
      tracing: false,
      latencyObjectiveSeconds: 30,
      alarmEmail: "ops@example.com",
      layer: { architecture: "x86_64", folder: undefined },
      maximumConcurrency: {
        RawImagePutProcess: 2,
        ResolutionBasedImagePutProcess: 3,
        ResolutionBasedImageDeleteProcess: 1000,
      },
      network: "isolated",
      tags: { project: "snail-images", stack: "test", team: "photos" },
    });
  });

  it("has the largest box where a side is left out", () => {
    const { imageTypes } = check({ imageTypes: { wide: { width: 100 }, high: { height: 50 } } });
    expect(imageTypes.map(({ width, height }) => [width, height])).to.deep.equal([
      [100, 10_000],
      [10_000, 50],
    ]);
  });

  it("makes a rendition of each format of an image type, in their order", () => {
    const box = { width: 100, height: 50 };
    const { imageTypes } = check({ imageTypes: { a: { ...box, formats: ["avif", "webp", "jpeg"] }, b: box } });
    expect(imageTypes.map(({ imageType, format }) => `${imageType} ${format}`)).to.deep.equal([
      "a avif",
      "a webp",
      "a jpeg",
      "b auto",
    ]);
    expect(imageTypes[2]).to.deep.equal({
      imageType: "a",
      ...box,
      fit: "inside",
      position: "centre",
      format: "jpeg",
      quality: 80,
      enlarge: false,
    });
  });

  it("keeps animations where that is configured, in formats that can move", () => {
    const box = { width: 1, height: 1 };
    const { imageTypes } = check({
      imageTypes: {
        a: { ...box, animated: true },
        b: { ...box, formats: ["webp", "gif"], animated: true },
        c: { ...box, animated: false },
      },
    });
    expect(imageTypes.map(({ imageType, format, animated }) => [imageType, format, animated])).to.deep.equal([
      ["a", "auto", true],
      ["b", "webp", true],
      ["b", "gif", true],
      ["c", "auto", undefined],
    ]);
  });

  const numbers = "[1,3,5,7,14,30,60,90,120,150,180,365,400,545,731,1096,1827,2192,2557,2922,3288,3653]";
  const allowed = (JSON.parse(numbers) as number[]).join(", ");
  const box = "must be a whole number from 1 to 10000";
  const bad: [string, unknown, string][] = [
    ["keepData", "maybe", 'keepData must be true or false; got "maybe"'],
    ["maxBytes", 0, "maxBytes must be a whole number from 1 to 104857600; got 0"],
    ["maxBytes", 104_857_601, "maxBytes must be a whole number from 1 to 104857600; got 104857601"],
    ["maxBytes", "10 MB", 'maxBytes must be a whole number from 1 to 104857600; got "10 MB"'],
    ["maxPixels", 1.5, "maxPixels must be a whole number from 1 to 100000000; got 1.5"],
    ["maxPixels", 100_000_001, "maxPixels must be a whole number from 1 to 100000000; got 100000001"],
    ["maxSide", 65_536, "maxSide must be a whole number from 1 to 65535; got 65536"],
    ["maxProportion", 0, "maxProportion must be a whole number from 1 to 65535; got 0"],
    ["acceptedFormats", [], "acceptedFormats must name at least one format; got []"],
    ["acceptedFormats", "jpeg", 'acceptedFormats must be a list of formats; got "jpeg"'],
    [
      "acceptedFormats",
      ["jpeg", "bmp"],
      'acceptedFormats.1 must be one of jpeg, png, webp, avif, gif, tiff; got "bmp"',
    ],
    ["acceptedFormats", ["jpeg", "jpeg"], 'acceptedFormats.1 must name each format once; got "jpeg"'],
    [
      "imageTypes",
      {},
      "imageTypes must have 1 to 20 image types, each with a width, a height or both, in pixels; got {}",
    ],
    ["imageTypes", { Large: { width: 1, height: 1 } }, "1 to 31 lower-case letters, digits and dashes, and not raw"],
    ["imageTypes", { raw: { width: 1, height: 1 } }, 'and not raw; got "raw"'],
    ["imageTypes", { a: { width: 0, height: 1 } }, `imageTypes.a.width ${box}; got 0`],
    ["imageTypes", { a: { quality: 1 } }, 'imageTypes.a must have a width, a height or both, in pixels; got {"'],
    [
      "imageTypes",
      { a: { width: 1, fit: "cover" } },
      'imageTypes.a.fit must be inside where width or height is left out; got "cover"',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, fit: "cover", position: "top" } },
      'imageTypes.a.position must be one of centre, attention, entropy, focus; got "top"',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, position: "focus" } },
      'imageTypes.a.position must be left out where fit is inside; got "focus"',
    ],
    [
      "imageTypes",
      { a: 5 },
      "imageTypes.a must be an object with width, height, fit, position, format, formats, quality, enlarge, animated; got 5",
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, fit: "fill" } },
      'imageTypes.a.fit must be one of inside, cover; got "fill"',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, format: "tiff" } },
      "imageTypes.a.format must be one of auto, jpeg, webp, avif, png, gif",
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, format: "gif" } },
      'imageTypes.a.format must have gif only where animated is true; got "gif"',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, formats: ["webp", "gif"], animated: false } },
      'imageTypes.a.formats must have gif only where animated is true; got ["webp","gif"]',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, format: "jpeg", animated: true } },
      'imageTypes.a.format must be of auto, webp, gif where animated is true: other formats hold one frame; got "jpeg"',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, formats: ["avif", "webp"], animated: true } },
      'imageTypes.a.formats must be of auto, webp, gif where animated is true: other formats hold one frame; got ["avif","webp"]',
    ],
    ["imageTypes", { a: { width: 1, height: 1, animated: 1 } }, "imageTypes.a.animated must be true or false; got 1"],
    ["imageTypes", { a: { width: 1, height: 1, formats: "webp" } }, "imageTypes.a.formats must be a list of formats"],
    ["imageTypes", { a: { width: 1, height: 1, formats: [] } }, "imageTypes.a.formats must name at least one format"],
    [
      "imageTypes",
      { a: { width: 1, height: 1, formats: ["webp", "webp"] } },
      'imageTypes.a.formats.1 must name each format once; got "webp"',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, formats: ["heic"] } },
      'imageTypes.a.formats.0 must be one of auto, jpeg, webp, avif, png, gif; got "heic"',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, formats: ["auto", "jpeg"] } },
      'imageTypes.a.formats must not name auto beside jpeg or webp, which it becomes; got ["auto","jpeg"]',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, format: "avif", formats: ["webp", "jpeg"] } },
      'imageTypes.a.formats must be left out beside format; got ["webp","jpeg"]',
    ],
    [
      "imageTypes",
      { a: { width: 1, height: 1, quality: 101 } },
      "imageTypes.a.quality must be a whole number from 1 to 100",
    ],
    ["imageTypes", { a: { width: 1, height: 1, enlarge: 1 } }, "imageTypes.a.enlarge must be true or false; got 1"],
    [
      "imageTypes",
      { a: { width: 1, height: 1, heigth: 1 } },
      "imageTypes.a.heigth is unknown; allowed are width, height",
    ],
    ["apiAuth", "apiKey", 'apiAuth must be one of iam, cognito, none; got "apiKey"'],
    [
      "apiAuth",
      "cognito",
      "cognitoUserPoolArn must be the ARN of a Cognito user pool when apiAuth is cognito; it is not set",
    ],
    ["delivery", "cdn", 'delivery must be one of presigned, cloudfront; got "cdn"'],
    [
      "deliveryDomain",
      "https://images.example.com",
      'deliveryDomain must be a domain name in lower case such as images.example.com, without https:// and path; got "https://images.example.com"',
    ],
    [
      "deliveryCertificateArn",
      "arn:aws:acm:eu-west-1:123456789012:certificate/c",
      'deliveryCertificateArn must be the ARN of a certificate in us-east-1, where CloudFront reads them; got "arn:aws:acm:eu-west-1:123456789012:certificate/c"',
    ],
    [
      "deliveryDomain",
      "images.example.com",
      'deliveryDomain is allowed only when delivery is cloudfront; got "images.example.com"',
    ],
    ["apiAuth", "none", 'apiAuth must be iam or cognito when keepData is true; got "none"'],
    [
      "cognitoUserPoolArn",
      "eu-west-1_AbC",
      'cognitoUserPoolArn must be the ARN of a Cognito user pool; got "eu-west-1_AbC"',
    ],
    [
      "allowedOrigins",
      ["https://a.example/"],
      'allowedOrigins.0 must be * or an origin in lower case such as https://www.example.com, without a path; got "https://a.example/"',
    ],
    ["allowedOrigins", "https://a.example", 'allowedOrigins must be a list of origins; got "https://a.example"'],
    ["apiThrottle", { rate: 0, burst: 1 }, "apiThrottle.rate must be a whole number from 1 to 10000; got 0"],
    ["apiThrottle", { rate: 1, burst: 5001 }, "apiThrottle.burst must be a whole number from 1 to 5000; got 5001"],
    ["apiThrottle", { rate: 1 }, "apiThrottle.burst is missing; it is not set"],
    ["latencyObjectiveSeconds", 0, "latencyObjectiveSeconds must be a whole number from 1 to 3600; got 0"],
    ["logRetentionDays", 31, `logRetentionDays must be one of ${allowed}; got 31`],
    ["alarmEmail", "ops", 'alarmEmail must be an e-mail address; got "ops"'],
    ["layerArchitecture", "arm", 'layerArchitecture must be one of arm64, x86_64; got "arm"'],
    [
      "maximumConcurrency",
      { RawImagePutProcess: 1 },
      "RawImagePutProcess must be a whole number from 2 to 1000; got 1",
    ],
    [
      "maximumConcurrency",
      { rawImagePutProcess: 2 },
      "maximumConcurrency.rawImagePutProcess is unknown; allowed are Raw",
    ],
    ["network", "vpc", 'network must be one of aws, isolated; got "vpc"'],
    ["permissionsBoundary", "Admin", 'permissionsBoundary must be the ARN of an IAM policy; got "Admin"'],
    [
      "tags",
      { "aws:x": "y" },
      'tags.aws:x must have keys of 1 to 128 letters, digits and _.:/=+-@, without aws: in front; got "aws:x"',
    ],
    ["tags", "team", 'tags must map tag keys to strings; got "team"'],
    ["tags", { stack: "prod" }, 'tags.stack must be left to the program, which sets project and stack; got "stack"'],
    ["tags", { x: 1 }, "tags.x must be up to 256 letters, digits, spaces and _.:/=+-@; got 1"],
    ["keepdata", true, "keepdata is unknown; allowed are keepData, imageTypes, acceptedFormats"],
  ];
  for (const [key, value, message] of bad) {
    it(`refuses ${key} ${JSON.stringify(value)}`, () => {
      expect(() => check({ [key]: value })).to.throw(message);
    });
  }

  it("refuses an API without authorisation unless the data is disposable", () => {
    expect(check({ apiAuth: "none", keepData: false }).api.auth).to.equal("none");
    expect(() => check({ apiAuth: "none", keepData: true })).to.throw("must be iam or cognito when keepData is true");
  });

  it("takes pages of every origin only where the API knows its callers", () => {
    expect(check({ allowedOrigins: ["*"] }).allowedOrigins).to.deep.equal(["*"]);
    const open = { apiAuth: "none", keepData: false };
    const listed = ["http://localhost:5173", "https://a.example"];
    expect(check({ ...open, allowedOrigins: listed }).allowedOrigins).to.deep.equal(listed);
    expect(() => check({ ...open, allowedOrigins: ["*"] })).to.throw("must name each origin when apiAuth is none");
  });

  it("refuses a user pool that would not be used", () => {
    const pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbC123";
    expect(() => check({ cognitoUserPoolArn: pool })).to.throw("is allowed only when apiAuth is cognito");
  });

  it("reports everything at once, each with its key, its value and what is allowed", () => {
    const config = { ...configure({ maxBytes: -1, apiAuth: "open", tag: {} }), "aws:region": "Ireland" };
    expect(() => checkSettings(config, { ...from, layerFolder: "/nowhere" })).to.throw(
      pulumi.RunError,
      /^5 problems in the configuration of stack test:\n(.*\n){4}.*$/,
    );
    for (const key of [
      "snail-images:maxBytes",
      "snail-images:apiAuth",
      "snail-images:tag ",
      "aws:region",
      "SNAIL_IMAGES_LAYER",
    ]) {
      expect(() => checkSettings(config, { ...from, layerFolder: "/nowhere" })).to.throw(`  ${key}`);
    }
  });

  for (const stack of ["Dev", "my_stack", "", "a".repeat(38)]) {
    it(`refuses a stack named ${JSON.stringify(stack)}, which is a part of bucket names`, () => {
      expect(() => checkSettings(configure({}), { ...from, stack })).to.throw(
        `the stack's name must have 1 to 37 lower-case letters, digits and dashes; got ${JSON.stringify(stack)}`,
      );
    });
  }

  it("takes a stack's name as long as a bucket's name allows", () => {
    const stack = `${"a".repeat(36)}1`;
    expect(checkSettings(configure({}), { ...from, stack }).tags.stack).to.equal(stack);
    expect(`snail-temp-images-${stack}-1234567`).to.have.lengthOf(63);
  });

  for (const region of ["eu-west-1", "us-gov-west-1", "us-isob-east-1", "ap-southeast-7", "eusc-de-east-1"]) {
    it(`takes the region ${region}`, () => {
      expect(checkSettings({ "aws:region": region }, from).region).to.equal(region);
    });
  }

  it("leaves a new account room for the API: it runs as few as 10 functions at the same time", () => {
    for (const config of [configure({}), readStackConfig(process.cwd(), "dev")]) {
      const { maximumConcurrency } = checkSettings(config, from);
      const sum = Object.values(maximumConcurrency).reduce((all, each) => all + each);
      expect(sum).to.be.at.most(7);
    }
  });

  it("refuses image types for which a function's environment has no room", () => {
    const types = (count: number, spec: object) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${"t".repeat(29)}${10 + n}`, spec]));
    const plain = { width: 10_000, height: 10_000 };
    expect(check({ imageTypes: types(20, plain) }).imageTypes).to.have.lengthOf(20);
    const special = {
      ...plain,
      width: 9_999,
      fit: "cover",
      position: "attention",
      format: "webp",
      quality: 100,
      enlarge: true,
    };
    expect(() => check({ imageTypes: types(20, special) })).to.throw(
      "snail-images:imageTypes must fit into 2600 bytes of the functions' environment: use fewer, shorter names, defaults; got 3",
    );
  });

  it("needs a region", () => {
    expect(() => checkSettings({}, from)).to.throw("aws:region must be an AWS region such as eu-west-1; it is not set");
  });

  it("takes a layer that is ready from a folder", () => {
    const layerFolder = mkdtempSync(join(tmpdir(), "layer-"));
    mkdirSync(join(layerFolder, "nodejs", "node_modules"), { recursive: true });
    expect(checkSettings(configure({}), { ...from, layerFolder }).layer.folder).to.equal(layerFolder);
  });

  it("leaves other namespaces alone", () => {
    expect(checkSettings({ ...configure({}), "aws:profile": "me", "other:key": "x" }, from).region).to.equal(
      "eu-west-1",
    );
  });

  it("accepts both stacks, which differ in what they keep", () => {
    const [dev, prod] = ["dev", "prod"].map((stack) =>
      checkSettings(readStackConfig(process.cwd(), stack), { project: "snail-images", stack }),
    );
    expect([dev?.keepData, prod?.keepData]).to.deep.equal([false, true]);
    expect(prod?.logRetentionDays).to.be.greaterThan(dev?.logRetentionDays ?? Infinity);
    expect(prod?.tags).to.deep.equal({ project: "snail-images", stack: "prod", environment: "production" });
  });

  it("are all in docs/configuration.md", () => {
    const page = readFileSync("docs/configuration.md", "utf8");
    let message = "";
    try {
      check({ surprise: 1 });
    } catch (error) {
      message = String(error);
    }
    const keys = /allowed are (.*);/.exec(message)?.[1]?.split(", ") ?? [];
    expect(keys).to.include.members(["keepData", "tags"]);
    expect(keys.filter((key) => !page.includes(`| \`${key}\` |`))).to.deep.equal([]);
  });

  it("are read from the stack that runs", () => {
    // No stack runs here, so there is no region.
    expect(() => readSettings()).to.throw("aws:region must be an AWS region");
  });
});

import * as v from "valibot";

import { autoFormats, imageTypeDefaults, movingFormats } from "./handlers/imageTypes";
import { imageTypeEntries, imageTypeName, oneOf, uploadLimitEntries, whole } from "./handlers/imageSchemas";

const text = (pattern: RegExp, allowed: string) => v.pipe(v.string(allowed), v.regex(pattern, allowed));
const flag = v.boolean("must be true or false");
const group = <const E extends v.ObjectEntries>(entries: E) =>
  v.strictObject(entries, (issue) =>
    issue.expected === "never"
      ? `is unknown; allowed are ${Object.keys(entries).join(", ")}`
      : issue.received === "undefined"
        ? "is missing"
        : `must be an object with ${Object.keys(entries).join(", ")}`,
  );

/** The retention times that CloudWatch Logs takes. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const square = (pixels: number) => ({ width: pixels, height: pixels });
const concurrency = (standard: number) => v.optional(whole(2, 1000), standard);

/** Properties of an image type that do not go together: the one to change, its value, and what is allowed. */
function* misfits(type: v.InferOutput<typeof imageTypeGroup>): Generator<[keyof typeof type | undefined, string]> {
  const { width, height, fit, position, format, formats, animated } = type;
  const isBox = width !== undefined && height !== undefined;
  if (width === undefined && height === undefined) yield [undefined, "must have a width, a height or both, in pixels"];
  else if (fit === "cover" && !isBox) yield ["fit", "must be inside where width or height is left out"];
  if (position !== "centre" && fit !== "cover") yield ["position", "must be left out where fit is inside"];
  if (format && formats) yield ["formats", "must be left out beside format"];
  const isAuto = formats?.includes("auto");
  if (isAuto && formats?.some((each) => Object.values<string>(autoFormats).includes(each)))
    yield ["formats", "must not name auto beside jpeg or webp, which it becomes"];
  const key = format ? "format" : "formats";
  const named = formats ?? (format ? [format] : imageTypeDefaults.formats);
  const isMoving = (each: string) => movingFormats.some((moving) => moving === each);
  if (animated && !named.every(isMoving))
    yield [key, `must be of ${movingFormats.join(", ")} where animated is true: other formats hold one frame`];
  if (!animated && named.some((each) => each === "gif")) yield [key, "must have gif only where animated is true"];
}

const imageTypeGroup = group(imageTypeEntries());
const imageType = v.pipe(
  imageTypeGroup,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const type = dataset.value;
    for (const [key, message] of misfits(type)) {
      if (key === undefined) addIssue({ message });
      else {
        const value = type[key];
        addIssue({ message, input: value, path: [{ type: "unknown", origin: "value", input: type, key, value }] });
      }
    }
  }),
);
const { acceptedFormats, maxBytes, maxPixels, maxSide, maxProportion } = uploadLimitEntries();
const imageTypesRule = "must have 1 to 20 image types, each with a width, a height or both, in pixels";

/** Every key of the configuration, with its allowed values and its default. */
export const settingsSchema = group({
  keepData: v.optional(flag, true),
  imageTypes: v.optional(
    v.pipe(
      v.record(imageTypeName(), imageType, imageTypesRule),
      v.minEntries(1, imageTypesRule),
      v.maxEntries(20, imageTypesRule),
    ),
    // By long edge. 2016 is half of a 12-megapixel photo's 4032 pixels, which libjpeg can decode at half size.
    { large: square(2016), medium: square(1280), small: square(640), preview: square(320), thumbnail: square(160) },
  ),
  acceptedFormats: v.optional(acceptedFormats, ["jpeg", "png", "webp", "avif"]),
  maxBytes: v.optional(maxBytes, 52_428_800),
  maxPixels: v.optional(maxPixels, 100_000_000),
  maxSide: v.optional(maxSide, 65_535),
  maxProportion: v.optional(maxProportion, 10_000),
  apiAuth: v.optional(oneOf(["iam", "cognito", "none"]), "iam"),
  cognitoUserPoolArn: v.optional(
    text(/^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+$/, "must be the ARN of a Cognito user pool"),
  ),
  apiThrottle: v.optional(group({ rate: whole(1, 10_000), burst: whole(1, 5_000) }), { rate: 50, burst: 100 }),
  allowedOrigins: v.optional(
    v.pipe(
      v.array(
        text(
          /^(\*|https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?)$/,
          "must be * or an origin in lower case such as https://www.example.com, without a path",
        ),
        "must be a list of origins",
      ),
      v.maxLength(20, "must have 20 origins at most"),
    ),
    [],
  ),
  latencyObjectiveSeconds: v.optional(whole(1, 3_600), 30),
  delivery: v.optional(oneOf(["presigned", "cloudfront"]), "presigned"),
  deliveryDomain: v.optional(
    text(
      /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      "must be a domain name in lower case such as images.example.com, without https:// and path",
    ),
  ),
  deliveryCertificateArn: v.optional(
    text(
      /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      "must be the ARN of a certificate in us-east-1, where CloudFront reads them",
    ),
  ),
  logRetentionDays: v.optional(v.picklist(retentions, `must be one of ${retentions.join(", ")}`), 30),
  tracing: v.optional(flag, true),
  alarmEmail: v.optional(text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "must be an e-mail address")),
  layerArchitecture: v.optional(oneOf(["arm64", "x86_64"]), "arm64"),
  maximumConcurrency: v.optional(
    group({
      // A new account runs as few as 10 functions at once, of which 3 are left for the API:
      // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
      RawImagePutProcess: concurrency(2),
      ResolutionBasedImagePutProcess: concurrency(3),
      ResolutionBasedImageDeleteProcess: concurrency(2),
    }),
    {},
  ),
  network: v.optional(oneOf(["aws", "isolated"]), "aws"),
  permissionsBoundary: v.optional(
    text(/^arn:aws[a-z-]*:iam::\d{12}:policy\/[\w+=,.@/-]+$/, "must be the ARN of an IAM policy"),
  ),
  tags: v.optional(
    v.record(
      v.pipe(
        text(
          /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
          "must have keys of 1 to 128 letters, digits and _.:/=+-@, without aws: in front",
        ),
        text(/^(?!(project|stack)$)/, "must be left to the program, which sets project and stack"),
      ),
      text(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, "must be up to 256 letters, digits, spaces and _.:/=+-@"),
      "must map tag keys to strings",
    ),
    {},
  ),
});
/** Keys whose value is text as it stands: it is not parsed as JSON. */
export const rawTexts = new Set([
  "apiAuth",
  "cognitoUserPoolArn",
  "alarmEmail",
  "delivery",
  "deliveryDomain",
  "deliveryCertificateArn",
  "layerArchitecture",
  "network",
  "permissionsBoundary",
]);

import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createUploadProcess } from "../handlers/entries/uploadProcess";
import type { UploadLimits } from "../handlers/imageTypes";
import { originsEnvironment, type AllowedOrigins } from "./allowedOrigins";
import { childNames, type ChildNames } from "./childNames";
import { API_TIMEOUT_SECONDS, ImageFunction, type FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";

export interface ImageUploadsArgs extends ChildNames, AllowedOrigins {
  /** Uploads go to it. */
  store: Pick<ImageStore, "tempImages">;
  /** Bounds within which an upload is accepted: formats, extensions, bytes, pixels. */
  uploadLimits: UploadLimits;
  /** Arguments that all functions share. */
  functions: FunctionDefaults;
}

/**
 * Grants presigned uploads, which clients send straight to S3: up to `uploadLimits.maxBytes`, past API Gateway's 10 MB.
 *
 * @example
 * ```ts
 * const uploads = new ImageUploads("uploads", {
 *   store: new ImageStore("store", { keepData: true }),
 *   uploadLimits: { acceptedFormats: ["jpeg"], acceptedExtensions: ["jpg"], maxBytes: 104_857_600, maxPixels: 100_000_000, … },
 *   functions,
 * });
 * ```
 */
export class ImageUploads extends pulumi.ComponentResource {
  /** `UploadProcess`, a Lambda proxy for `POST /uploads`. */
  readonly function: aws.lambda.Function;

  constructor(name: string, args: ImageUploadsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImageUploads", name, {}, opts);
    const { tempImages } = args.store;

    const upload = new ImageFunction(
      childNames(name, args)("UploadProcess"),
      {
        ...args.functions,
        handler: createUploadProcess,
        environment: {
          TEMP_IMAGES_BUCKET: tempImages.bucket,
          UPLOAD_LIMITS: JSON.stringify(args.uploadLimits),
          ...originsEnvironment(args),
        },
        grants: {
          // The function stores nothing itself: a presigned upload carries the rights of the role that signed it.
          SnailTempImagesBucketPutPolicy: [
            { actions: ["s3:PutObject"], on: pulumi.interpolate`${tempImages.arn}/images/*` },
          ],
        },
        memoryMiB: 512,
        timeoutSeconds: API_TIMEOUT_SECONDS,
      },
      { parent: this },
    );

    this.function = upload.function;
    this.registerOutputs({ function: this.function.arn });
  }
}

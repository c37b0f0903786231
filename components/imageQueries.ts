import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createRawImageGetProcess } from "../handlers/entries/rawImageGetProcess";
import { createRawImageListProcess } from "../handlers/entries/rawImageListProcess";
import { originsEnvironment, type AllowedOrigins } from "./allowedOrigins";
import { childNames, type ChildNames } from "./childNames";
import { API_TIMEOUT_SECONDS, ImageFunction, type FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";
import { renditionUrls } from "./renditionUrls";

export interface ImageQueriesArgs extends ChildNames, AllowedOrigins {
  /** Images and their metadata are read from it. */
  store: ImageStore;
  /** Arguments that all functions share. */
  functions: FunctionDefaults;
}

/**
 * Answers questions about images: their status, URLs of their renditions, and which there are.
 *
 * @example
 * ```ts
 * const queries = new ImageQueries("queries", { store: new ImageStore("store", { keepData: true }), functions });
 * ```
 */
export class ImageQueries extends pulumi.ComponentResource {
  /** `RawImageGetProcess`, a Lambda proxy for `GET /raw/{object}`. */
  readonly function: aws.lambda.Function;
  /** `RawImageListProcess`, a Lambda proxy for `GET /raw`. */
  readonly list: aws.lambda.Function;

  constructor(name: string, args: ImageQueriesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImageQueries", name, {}, opts);
    const { tempImages, table, listIndex } = args.store;
    const urls = renditionUrls(args.store);
    const named = childNames(name, args);

    const status = new ImageFunction(
      named("RawImageGetProcess"),
      {
        ...args.functions,
        handler: createRawImageGetProcess,
        environment: {
          TEMP_IMAGES_BUCKET: tempImages.bucket,
          ...urls.environment,
          IMAGE_METADATA_TABLE: table.name,
          ...originsEnvironment(args),
        },
        grants: {
          // Tells whether an upload waits. It reads none.
          SnailTempImagesListPolicy: [
            {
              actions: ["s3:ListBucketVersions"],
              on: tempImages.arn,
              condition: { StringLike: { "s3:prefix": "images/*" } },
            },
          ],
          ...urls.grants,
          ImageMetadataDynamoDBBasicPolicy: [{ actions: ["dynamodb:GetItem"], on: table.arn }],
        },
        memoryMiB: 512,
        timeoutSeconds: API_TIMEOUT_SECONDS,
      },
      { parent: this },
    );

    const list = new ImageFunction(
      named("RawImageListProcess"),
      {
        ...args.functions,
        handler: createRawImageListProcess,
        environment: {
          IMAGE_METADATA_TABLE: table.name,
          IMAGE_METADATA_INDEX: listIndex,
          ...urls.environment,
          ...originsEnvironment(args),
        },
        grants: {
          // The index tells what lists show, but for renditions: where these are asked for, it reads the records of a page.
          ImageMetadataDynamoDBBasicPolicy: [
            { actions: ["dynamodb:Query"], on: pulumi.interpolate`${table.arn}/index/${listIndex}` },
            { actions: ["dynamodb:BatchGetItem"], on: table.arn },
          ],
          ...urls.grants,
        },
        memoryMiB: 512,
        timeoutSeconds: API_TIMEOUT_SECONDS,
      },
      { parent: this },
    );

    this.function = status.function;
    this.list = list.function;
    this.registerOutputs({ function: this.function.arn, list: this.list.arn });
  }
}

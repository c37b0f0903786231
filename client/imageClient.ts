import createClient, { type Client } from "openapi-fetch";

import { authorisedFetch, type Auth } from "./authorised";
import { apiError, ImageServiceError } from "./errors";
import { isDecided } from "./outcome";
import { pause, secondsToWait } from "./pause";
import type { components, paths } from "./schema";
import { sendFile, type Progress } from "./send";
import type { Image, ListedImage, Upload } from "./shapes";

export interface ImageClientOptions {
  /** Base URL of the API: the stack's output `apiUrl`. */
  url: string;
  /** Undefined where everyone may call the API. */
  auth?: Auth;
}

interface CallOptions {
  signal?: AbortSignal;
}

export interface ListOptions extends CallOptions {
  status?: ListedImage["status"];
  prefix?: string;
  /** Images that one request asks for, 1 to 100. Default: 50. */
  limit?: number;
  /** Whether served images have their renditions and URLs. Default: false. */
  renditions?: boolean;
}

/** Beside these, what `POST /uploads` takes of an upload. */
export interface UploadOptions
  extends CallOptions, Omit<components["schemas"]["PutRequest"], "object" | "method" | "bytes"> {
  /** Hears how much of the file is sent, each time that it is more. */
  onProgress?: (progress: Progress) => void;
}

export interface WaitOptions extends CallOptions {
  /** How long to wait. Default: 600. */
  timeoutSeconds?: number;
}

/**
 * The image service, from Node and from a page.
 *
 * @example
 * ```ts
 * const images = new ImageClient({ url, auth: { region: "eu-west-1", keys } });
 * const upload = await images.upload("photo.jpg", await openAsBlob("photo.jpg"));
 * const { renditions } = await images.waitUntilReady(upload);
 * ```
 */
export class ImageClient {
  /** Every operation of the API, typed by its document, with the authorisation and repetition of this client. */
  readonly api: Client<paths>;

  constructor({ url, auth }: ImageClientOptions) {
    this.api = createClient<paths>({ baseUrl: url, fetch: authorisedFetch(auth), pathSerializer: pathOf });
  }

  /** @throws ImageServiceError `NotFound`, `Deleted` */
  async get(object: string, { signal }: CallOptions = {}): Promise<Image> {
    return answered(await this.api.GET("/raw/{object}", { params: { path: { object } }, signal }));
  }

  /**
   * Lists images, newest first; asks for the next page once it is needed. Names whose upload only waits are in no list.
   * @param options of which status (default: `READY`), the beginning of their names, and whether with their renditions:
   * an image that just changed may lack them
   * @throws ImageServiceError `BadListRequest`
   * @example
   * ```ts
   * for await (const { object, width, height } of images.list({ prefix: "2026-" })) console.log(object, width, height);
   * ```
   */
  async *list({ signal, ...query }: ListOptions = {}): AsyncGenerator<ListedImage, void, undefined> {
    for (let cursor: string | undefined; ;) {
      const page = answered(await this.api.GET("/raw", { params: { query: { ...query, cursor } }, signal }));
      yield* page.images;
      cursor = page.cursor;
      if (cursor === undefined) return;
    }
  }

  /**
   * Deletes an image, its renditions and its pending uploads.
   * @throws ImageServiceError `NotFound`
   */
  async delete(object: string, { signal }: CallOptions = {}): Promise<Image> {
    return answered(await this.api.DELETE("/raw/{object}", { params: { path: { object } }, signal }));
  }

  /**
   * Uploads a file of any size that the service accepts, straight to S3. It is taken in afterwards: see
   * {@link ImageClient.waitUntilReady}.
   * @param object the image's name
   * @param file a `File` of a page, or in Node that of `openAsBlob`, which reads from disk while it is sent
   * @throws ImageServiceError `BadUpload`, `EmptyFile`, or S3's code
   */
  async upload(object: string, file: Blob, { onProgress, signal, ...details }: UploadOptions = {}): Promise<Upload> {
    if (file.size === 0) throw new ImageServiceError("EmptyFile", "The file is empty.");
    const body = { object, method: "PUT" as const, bytes: file.size, ...details };
    const [before, granted] = await Promise.all([
      this.lastChange(object, signal),
      this.api.POST("/uploads", { body, signal }),
    ]);
    const grant = answered(granted);
    if (grant.method !== "PUT") throw new ImageServiceError("UnexpectedGrant", "The API granted a form, not a PUT.");
    const versionId = await sendFile(grant, file, { onProgress, signal });
    return { object, versionId, before };
  }

  /**
   * Waits until an upload is decided, and its image READY.
   * @throws ImageServiceError `REJECTED` or `FAILED` with the reason, `Timeout`, or `Deleted` where it was deleted meanwhile
   */
  async waitUntilReady(upload: Upload, options: WaitOptions = {}): Promise<Image> {
    const image = await this.waitUntilDecided(upload, options);
    const reason = image.pending ? image.pending.reason : image.reason;
    if (image.pending === undefined && image.status === "READY" && reason === undefined) return image;
    const status = image.pending?.status ?? (image.status === "READY" ? "REJECTED" : image.status);
    throw new ImageServiceError(status, reason ?? `"${upload.object}" is ${status}.`);
  }

  /**
   * Waits until an upload is decided: `READY`, `FAILED` or `REJECTED`. The image that had the name is served until the new
   * one is `READY`; then `pending` or `reason` describes the upload.
   * @throws ImageServiceError `Timeout`, or `Deleted` where it was deleted meanwhile
   */
  async waitUntilDecided(upload: Upload, { signal, timeoutSeconds = 600 }: WaitOptions = {}): Promise<Image> {
    const { object } = upload;
    const end = Date.now() + timeoutSeconds * 1000;
    let etag: string | undefined;
    for (let seconds = 0.2; ; seconds = Math.min(2 * seconds, 5)) {
      const params = { path: { object }, header: etag === undefined ? {} : { "If-None-Match": etag } };
      const answer = await this.api.GET("/raw/{object}", { params, signal });
      if (answer.response.status !== 304) {
        const image = answered(answer);
        if (await isDecided(image, upload)) return image;
        etag = answer.response.headers.get("etag") ?? undefined;
      }
      const wait = secondsToWait(answer.response) ?? seconds;
      if (Date.now() + wait * 1000 > end)
        throw new ImageServiceError("Timeout", `"${object}" is not READY after ${timeoutSeconds} seconds.`);
      await pause(wait, signal);
    }
  }

  /** When the image of a name was last changed; undefined where there is none. */
  private async lastChange(object: string, signal?: AbortSignal): Promise<string | undefined> {
    const answer = await this.api.GET("/raw/{object}", { params: { path: { object } }, signal });
    return [404, 410].includes(answer.response.status) ? undefined : answered(answer).updatedAt;
  }
}

/** The body of a successful answer. @throws ImageServiceError for any other answer */
function answered<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data === undefined || !response.ok) throw apiError(response.status, error);
  return data;
}

/** A path with its parameters, encoded so that SigV4 signs the very same text. */
function pathOf(path: string, parameters: Record<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parameters[name])).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  );
}

/** The door of the client: see README.md. */
export { ImageServiceError } from "./errors";
export {
  ImageClient,
  type ImageClientOptions,
  type ListOptions,
  type UploadOptions,
  type WaitOptions,
} from "./imageClient";
export type { Auth, Keys } from "./authorised";
export type { Image, ListedImage, Upload } from "./shapes";
export type { Progress } from "./send";

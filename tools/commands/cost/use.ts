/** A month of use. */
export interface Use {
  /** Uploads a month. */
  images: number;
  /** Size of an original, bytes. */
  bytes: number;
  /** Pixels of an original, millions. */
  megapixels: number;
  /** For each upload. */
  gets: number;
  deletes: number;
  views: number;
  /** Milliseconds that a function waits for a call of S3. */
  storageWait: number;
  /** Clients store uploads in the bucket themselves, with rights of their own. Else the API does it for them. */
  direct: boolean;
  /** Uploads a second while there are any. Default: they are spread over the month. */
  perSecond?: number;
  /** So many come at once that all batches are full. Else each message is alone. */
  fullBatches: boolean;
}

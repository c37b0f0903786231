import type { Bytes } from "../bytes";

/**
 * A format of originals. Its readers look at the start of a file, and of some formats at its end, before it is stored; the
 * rest is for the decoder's process, which has all of it.
 */
export interface Format {
  /** As people write it. */
  name: string;
  /** The longest side that its decoder takes, in pixels; any, where it is left out. */
  longestSide?: number;
  /** Whether a file with these first bytes is of this format: up to 1,024, a character for each. */
  matches(start: string): boolean;
  /** Throws where the header is damaged. */
  header(file: Bytes): Header;
  /** Whether the file goes on to its end. Bytes behind the end are allowed: cameras put them there. */
  isComplete(file: Bytes): boolean;
  /** libvips' operations that load it. */
  loaders: string[];
  /** The same picture without what the decoder warns of although no pixel is missing. */
  tidy?(file: Buffer): Buffer;
  /** Whether the decoder merely warns where pixels are missing. */
  warnsOfDamage?(file: Buffer): boolean;
  /** Throws where pixels are missing although the decoder would say nothing. */
  verify?(file: Buffer, options: VerifyOptions): Promise<void> | void;
}
/** A part of a file: its kind, and where its content begins and ends, which may be beyond the file's end. */
export interface Part<Kind = string> {
  kind: Kind;
  start: number;
  end: number;
}
interface Header {
  /** Sides of the picture as it is shown, in pixels. */
  width: number;
  height: number;
  /** A kind of this format that is not decoded. */
  unsupported?: string | false;
}

interface VerifyOptions {
  /** Whether all frames are wanted, and not just the first. */
  animated: boolean;
  /** Decodes the picture of a file, and rejects where that fails. */
  decode: (file: Buffer) => Promise<unknown>;
}

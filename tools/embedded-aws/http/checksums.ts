import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** The checksums of S3's flexible checksums, by the name that follows `x-amz-checksum-`. */
const checksumAlgorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Base64 of the big-endian value, as in the `x-amz-checksum-*` headers. */
  digest(): string;
}

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return (checksumAlgorithms as readonly string[]).includes(name);
}

export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case "crc32":
      return crc32Checksum((bytes, value) => crc32(bytes, value));
    case "crc32c":
      return crc32Checksum(crc32c);
    case "crc64nvme":
      return crc64nvme();
    default: {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest("base64") };
    }
  }
}

function crc32Checksum(next: (bytes: Uint8Array, value: number) => number): Checksum {
  let value = 0;
  return {
    update: (bytes) => {
      value = next(bytes, value);
    },
    digest: () => {
      const result = Buffer.alloc(4);
      result.writeUInt32BE(value);
      return result.toString("base64");
    },
  };
}

/** Reflected polynomial of CRC-32C (Castagnoli, RFC 3720). */
const castagnoli = 0x82f63b78;
let crc32cTable: Uint32Array | undefined;

function crc32c(bytes: Uint8Array, value: number): number {
  const table = (crc32cTable ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let entry = index;
    for (let bit = 0; bit < 8; bit++) entry = entry & 1 ? (entry >>> 1) ^ castagnoli : entry >>> 1;
    return entry;
  }));
  let crc = ~value;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Reflected polynomial of CRC-64/NVME (NVM Express base specification), in two halves of 32 bits. */
const nvmeHigh = 0x9a6c9329;
const nvmeLow = 0xac4bc9b5;
let crc64Tables: { high: Uint32Array; low: Uint32Array } | undefined;

function makeCrc64Tables(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let entryHigh = 0;
    let entryLow = index;
    for (let bit = 0; bit < 8; bit++) {
      const odd = entryLow & 1;
      entryLow = (entryLow >>> 1) | (entryHigh << 31);
      entryHigh >>>= 1;
      if (odd) {
        entryHigh ^= nvmeHigh;
        entryLow ^= nvmeLow;
      }
    }
    high[index] = entryHigh;
    low[index] = entryLow;
  }
  return { high, low };
}

function crc64nvme(): Checksum {
  const tables = (crc64Tables ??= makeCrc64Tables());
  let high = -1;
  let low = -1;
  return {
    update: (bytes) => {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (tables.low[index] ?? 0);
        high = (high >>> 8) ^ (tables.high[index] ?? 0);
      }
    },
    digest: () => {
      const result = Buffer.alloc(8);
      result.writeUInt32BE(~high >>> 0, 0);
      result.writeUInt32BE(~low >>> 0, 4);
      return result.toString("base64");
    },
  };
}

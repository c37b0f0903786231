import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { createCRC32, createCRC64, type IHasher } from "hash-wasm";

/** The checksums of S3's flexible checksums, by the name that follows `x-amz-checksum-`. */
const checksumAlgorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Bits reversed. */
export const polynomials = { crc32: 0xedb88320, crc32c: 0x82f63b78, crc64nvme: 0x9a6c9329ac4bc9b5n };

export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Base64 of the big-endian value, as in the `x-amz-checksum-*` headers. */
  digest(): Promise<string>;
}

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return (checksumAlgorithms as readonly string[]).includes(name);
}

export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case "crc32":
      return crc32Checksum();
    case "crc32c":
      return inWasm(createCRC32(polynomials.crc32c));
    case "crc64nvme":
      return inWasm(createCRC64(polynomials.crc64nvme.toString(16)));
    default: {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: async () => hash.digest("base64") };
    }
  }
}

function inWasm(created: Promise<IHasher>): Checksum {
  let hasher = created.then((each) => each.init());
  return {
    update: (bytes) => {
      hasher = hasher.then((each) => each.update(bytes));
    },
    digest: async () => Buffer.from((await hasher).digest("binary")).toString("base64"),
  };
}

function crc32Checksum(): Checksum {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: async () => {
      const result = Buffer.alloc(4);
      result.writeUInt32BE(value);
      return result.toString("base64");
    },
  };
}

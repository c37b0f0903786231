import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

import { Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";

/** The checksums of S3's flexible checksums, by the name that follows `x-amz-checksum-`. */
const checksumAlgorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

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
      return inBase64(new Crc32c());
    case "crc64nvme":
      return inBase64(new Crc64Nvme());
    default: {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: async () => hash.digest("base64") };
    }
  }
}

const inBase64 = (check: Crc32c | Crc64Nvme): Checksum => ({
  update: (bytes) => check.update(bytes),
  digest: async () => Buffer.from(await check.digest()).toString("base64"),
});

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

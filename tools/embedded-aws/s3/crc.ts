import { polynomials } from "../http/checksums";

/** A cyclic redundancy check with reflected bits whose start value and final XOR are all ones. */
export interface CrcKind {
  bits: 32 | 64;
  /** The polynomial, bits reversed. */
  polynomial: bigint;
}

export const crcKinds: Record<"CRC32" | "CRC32C" | "CRC64NVME", CrcKind> = {
  CRC32: { bits: 32, polynomial: BigInt(polynomials.crc32) },
  CRC32C: { bits: 32, polynomial: BigInt(polynomials.crc32c) },
  CRC64NVME: { bits: 64, polynomial: polynomials.crc64nvme },
};

type Matrix = bigint[];

const times = (matrix: Matrix, vector: bigint): bigint => {
  let sum = 0n;
  for (let row = 0, rest = vector; rest > 0n; row++, rest >>= 1n) if (rest & 1n) sum ^= matrix[row] ?? 0n;
  return sum;
};
const square = (matrix: Matrix): Matrix => matrix.map((row) => times(matrix, row));

/**
 * The check of A followed by B, from the checks of both: A's is carried over as many zero bytes as B is long, by
 * repeated squaring of the operator "one zero bit" (as zlib's crc32_combine does).
 */
export function combineCrc(kind: CrcKind, first: Buffer, second: Buffer, secondLength: number): Buffer {
  const asNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex")}`);
  const oneBit: Matrix = [kind.polynomial, ...Array.from({ length: kind.bits - 1 }, (_, row) => 1n << BigInt(row))];
  let operator = square(square(square(oneBit)));
  let value = asNumber(first);
  for (let length = BigInt(secondLength); length > 0n; length >>= 1n) {
    if (length & 1n) value = times(operator, value);
    operator = square(operator);
  }
  value ^= asNumber(second);
  return Buffer.from(value.toString(16).padStart(kind.bits / 4, "0"), "hex");
}

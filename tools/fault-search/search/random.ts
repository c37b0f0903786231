/** A small seeded generator of numbers (sfc32). The same seed gives the same numbers on every machine. */
export class Random {
  private a: number;
  private b: number;
  private c = 0x9e3779b9;
  private counter = 1;

  constructor(seed: number, salt = "") {
    this.a = seed >>> 0;
    this.b = Math.floor(seed / 2 ** 32) >>> 0;
    for (const character of salt) this.c = (Math.imul(this.c, 31) + character.charCodeAt(0)) >>> 0;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A whole number from 0 to 2³² − 1. */
  next(): number {
    const sum = (((this.a + this.b) >>> 0) + this.counter) >>> 0;
    this.counter = (this.counter + 1) >>> 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) >>> 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) >>> 0;
    return sum;
  }

  /** A whole number from 0 to n − 1. */
  below(n: number): number {
    return Math.floor((this.next() / 2 ** 32) * n);
  }

  chance(probability: number): boolean {
    return this.next() / 2 ** 32 < probability;
  }

  /** One of these; the list must not be empty. */
  of<T>(list: readonly T[]): T {
    const one = list[this.below(list.length)];
    if (one === undefined) throw new RangeError("nothing to choose from");
    return one;
  }
}

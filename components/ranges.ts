/**
 * Checks arguments that must be whole numbers, each given as least, value and most.
 *
 * @throws RangeError that names the component, the argument, what is allowed and what was given.
 */
export function checkRanges(component: string, ranges: Record<string, [number, number, number]>): void {
  for (const [argument, [least, value, most]] of Object.entries(ranges)) {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new RangeError(`${component}: ${argument} must be a whole number from ${least} to ${most}; got ${value}`);
    }
  }
}

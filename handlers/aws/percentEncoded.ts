/** All but letters, digits and `-._~` percent-encoded, as SigV4 encodes a segment of a path. */
export const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/['()*!]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

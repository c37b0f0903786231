/** Receives each line of progress that the local run prints: short plain text. */
export type Announce = (line: string) => void;

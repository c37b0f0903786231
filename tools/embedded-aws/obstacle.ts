/** The cause of a run that cannot start: a port, the data folder, another run in it, or stored data that does not fit the program. */
export type ObstacleKind = "port" | "data folder" | "other run" | "stored data";

/** An obstacle that the user can remove. The caller adds how, in the words of its own flags. */
export class Obstacle extends Error {
  constructor(
    readonly kind: ObstacleKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

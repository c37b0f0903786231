import type { ImagesBucket } from "./imagesBucket";

/**
 * The edge caches of a content delivery network at their worst: viewers ask at all times for every URL that `GET` ever
 * told, so that an object is kept as soon as it is there, and again at once where it is forgotten too early.
 */
export class EdgeCaches {
  private readonly told = new Set<string>();
  private readonly kept = new Set<string>();

  constructor(private readonly images: ImagesBucket) {}

  /** Viewers learn of these objects. */
  tell(keys: string[]): void {
    for (const key of keys) this.told.add(key);
    this.look();
  }

  /** Viewers ask for all that they know. */
  look(): void {
    for (const key of this.told) if (this.images.has(key)) this.kept.add(key);
  }

  forget(keys: string[]): void {
    for (const key of keys) this.kept.delete(key);
    this.look();
  }

  has(key: string): boolean {
    return this.kept.has(key);
  }

  list(): string[] {
    return [...this.kept].sort();
  }
}

/** The bucket of originals and renditions. */
export class ImagesBucket {
  private readonly objects = new Map<string, { body: Uint8Array; storedAt: number }>();

  constructor(private readonly now: () => number = () => 0) {}

  read(key: string): Uint8Array | undefined {
    return this.objects.get(key)?.body;
  }

  /** `If-None-Match: *`: says whether the object was stored. */
  create(key: string, body: Uint8Array): boolean {
    if (this.objects.has(key)) return false;
    this.put(key, body);
    return true;
  }

  put(key: string, body: Uint8Array): void {
    this.objects.set(key, { body, storedAt: this.now() });
  }

  storedAt(key: string): number {
    return this.objects.get(key)?.storedAt ?? 0;
  }

  has(key: string): boolean {
    return this.objects.has(key);
  }

  /** In the order of the keys, as S3 lists them. */
  list(prefix: string): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  delete(key: string): void {
    this.objects.delete(key);
  }
}

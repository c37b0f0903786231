import type { Method } from "./document";
import { methodPathOf, settingPath } from "./methodPath";

/** Requests a second, and how many may come at the same moment. */
export interface Throttle {
  rate: number;
  burst: number;
}

/** The settings of a stage's methods, by `*` + `/*` or the method's own path. */
export class MethodThrottles {
  private readonly settings = new Map<string, Throttle>();
  private readonly buckets = new Map<Method, { tokens: number; at: number }>();

  /** @param methodPath `*` + `/*`, or `<resource>/<METHOD>` as the provider writes it */
  set(methodPath: string, throttle: Throttle): void {
    this.settings.set(settingPath(methodPath), throttle);
    this.buckets.clear();
  }

  /**
   * Takes a token of the method's bucket. Each method has its own, whichever setting it comes from.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   * @param now milliseconds
   */
  admits(method: Method, now: number): boolean {
    const throttle = this.settings.get(methodPathOf(method, method.httpMethod)) ?? this.settings.get("*/*");
    if (throttle === undefined) return true;
    const { rate, burst } = throttle;
    const { tokens, at } = this.buckets.get(method) ?? { tokens: burst, at: now };
    const there = Math.min(burst, tokens + ((now - at) / 1000) * rate);
    const admitted = there >= 1;
    this.buckets.set(method, { tokens: admitted ? there - 1 : there, at: now });
    return admitted;
  }
}

import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { Graph } from "../model/graph";
import type { Resource } from "../model/resource";
import { graphOf, resourceOf } from "./graphOf";

/**
 * The resources that the engine hands over. It asks every policy about the same ones, one policy after the other, and each
 * is read once: a policy that asks again is the sign of the next analysis.
 */
export class EngineResources {
  private readonly declared = new Map<string, Resource>();
  private readonly askedAbout = new Map<string, Set<string>>();
  private graph = new Graph([]);

  /** The resource that a policy is asked about before it is made. */
  one(policy: string, args: ResourceValidationArgs): Resource {
    const known = this.declared.get(args.urn);
    if (!this.isNext(args.urn, policy) && known) return known;
    const resource = resourceOf(args);
    this.declared.set(args.urn, resource);
    return resource;
  }

  /** The stack that a policy is asked about at the end. */
  all(policy: string, resources: readonly PolicyResource[]): Graph {
    if (this.isNext("", policy)) this.graph = graphOf(resources, this.declared);
    return this.graph;
  }

  /** Whether the subject comes for the first time, or again to the same policy. */
  private isNext(subject: string, policy: string): boolean {
    const asked = this.askedAbout.get(subject);
    if (asked && !asked.has(policy)) {
      asked.add(policy);
      return false;
    }
    this.askedAbout.set(subject, new Set([policy]));
    return true;
  }
}

/** Names that @pulumi/aws had for a type, or has beside it. */
const renamed: Record<string, string> = {
  "aws:alb/listener:Listener": "aws:lb/listener:Listener",
  "aws:alb/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
  "aws:applicationloadbalancing/listener:Listener": "aws:lb/listener:Listener",
  "aws:applicationloadbalancing/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
  "aws:elasticloadbalancingv2/listener:Listener": "aws:lb/listener:Listener",
  "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
  "aws:cloudwatch/eventbus:EventBus": "aws:cloudwatch/eventBus:EventBus",
};

/**
 * The type token that the rules know: S3's `…V2` types of @pulumi/aws 5 and 6 (`aws:s3/bucketV2:BucketV2`) became the plain
 * ones of version 7, with the same properties.
 */
export function canonicalType(token: string): string {
  return renamed[token] ?? token.replace(/^(aws:s3\/\w+)V2:(\w+)V2$/, "$1:$2");
}

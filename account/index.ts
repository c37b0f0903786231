import { ApiGatewayLogs } from "./apiGatewayLogs";

new ApiGatewayLogs("api-gateway-logs");

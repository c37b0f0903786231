import * as aws from "@pulumi/aws";

import { Alarms } from "./components/alarms";
import { Dashboard } from "./components/dashboard";
import { DeletePipeline } from "./components/deletePipeline";
import { FunctionLayer } from "./components/functionLayer";
import { FunctionList } from "./components/functionList";
import { ImageApi } from "./components/imageApi";
import { ImageEvents } from "./components/imageEvents";
import { ImagePipeline } from "./components/imagePipeline";
import { ImageQueries } from "./components/imageQueries";
import { ImageStore } from "./components/imageStore";
import { ImageUploads } from "./components/imageUploads";
import { networkFor } from "./components/isolatedNetwork";
import { rolesWithin } from "./components/permissionsBoundary";
import { Sweep } from "./components/sweep";
import { urlsOf } from "./components/queueUrls";
import { layerArchive } from "./layer/archive";
import { readSettings } from "./settings";

const settings = readSettings();
const { keepData, delivery, latencyObjectiveSeconds, logRetentionDays, maximumConcurrency, tracing } = settings;
const provider = new aws.Provider("aws", { region: settings.region, defaultTags: { tags: settings.tags } });
const prefix = ""; // the service's own parts carry the names of its diagram
const stack = { providers: [provider], transformations: rolesWithin(settings.permissionsBoundary) };

const store = new ImageStore("store", { prefix, keepData, delivery, allowedOrigins: settings.allowedOrigins }, stack);
const alarms = new Alarms("alarms", { email: settings.alarmEmail }, stack);
const observed = { alarms, logRetentionDays, tracing };
const functions = {
  ...observed,
  layer: new FunctionLayer(
    "packages",
    { content: layerArchive(settings.layer), architecture: settings.layer.architecture },
    stack,
  ),
  network: networkFor(settings.network, stack),
  list: new FunctionList(),
};

const common = { prefix, store, functions, allowedOrigins: settings.allowedOrigins };
const deletions = new DeletePipeline("deletions", { ...common, maximumConcurrency, keepData }, stack);
const images = new ImagePipeline(
  "images",
  {
    ...common,
    maximumConcurrency,
    keepData,
    latencyObjectiveSeconds,
    uploadLimits: settings.uploadLimits,
    imageTypes: settings.imageTypes,
    deleteQueue: deletions.queue,
  },
  stack,
);
export const { eventBusName, eventDeadLetterQueueUrl } = new ImageEvents("events", { ...common, keepData }, stack);
new Sweep("sweep", { prefix, store, images, deletions, functions }, stack);
const queries = new ImageQueries("queries", common, stack);
const uploads = new ImageUploads("uploads", { ...common, uploadLimits: settings.uploadLimits }, stack);
const api = new ImageApi(
  "ImageApi",
  {
    ...settings.api,
    store,
    notification: images.notification,
    get: queries.function,
    list: queries.list,
    delete: deletions.function,
    upload: uploads.function,
    allowedOrigins: settings.allowedOrigins,
    ...observed,
  },
  stack,
);

const queues = { ...images.queues, DeleteResolutionBasedImageQueue: deletions };
const watched = { functions: functions.list, queues, api, store, alarms, latencyObjectiveSeconds };

export const { region, imageTypes, uploadLimits, allowedOrigins } = settings;
export const { id: apiId, url: apiUrl } = api;
export const apiAuth = settings.api.auth;
export const { tempImagesBucket, imagesBucket, imageMetadataTable } = store.names;
export const deliveryUrl = store.delivery?.url ?? null; // Pulumi warns of an output that is undefined
export const { queueUrls, deadLetterQueueUrls } = urlsOf(queues);
export const alarmNames = alarms.names;
export const logGroups = functions.list.logGroups;
export const { url: dashboardUrl } = new Dashboard("dashboard", watched, stack);

/** The fault search's door: other folders import from here alone. */

export { faultSearch } from "./command/faultSearch";
export { readOptions, usage, type Options } from "./command/options";

/** The handlers' ports on simulated stores, for tests of the handlers. */
export { ImagesBucket } from "./world/stores/imagesBucket";
export { MetadataTable } from "./world/stores/metadataTable";
export { s3Event, TempBucket, type StoredUpload } from "./world/stores/tempBucket";
export { simulatedPorts, type Perform, type SimulatedPorts, type Stores } from "./world/simulatedPorts";
export { imageTypes, inspect, limits, makeRenditions, uploadBody, type UploadKind } from "./world/simulatedImages";

/** The fault search's door: other folders import from here alone. */

export { faultSearch } from "./command/faultSearch";
export { readOptions, type Flags, type Options } from "./command/options";

/** The handlers' ports on simulated stores, for tests of the handlers. */
export { EdgeCaches } from "./world/stores/edgeCaches";
export { ImagesBucket } from "./world/stores/imagesBucket";
export { MetadataTable } from "./world/stores/metadataTable";
export { s3Event, TempBucket, type StoredUpload } from "./world/stores/tempBucket";
export { simulatedPorts, type Perform, type SimulatedPorts, type Stores } from "./world/simulatedPorts";
export { inspectUpload, limits, makeRenditions, uploadBody, type UploadKind } from "./world/simulatedImages";

/** The invariants, for a service that is read into the shape `AtRest`. */
export { violationsAtRest, violationsOfReplay, type Answer, type AtRest, type StoredObject } from "./oracle/atRest";
export { Violation, type Invariant } from "./oracle/invariants";
export { overruled, type Operation, type Uploaded } from "./oracle/operations";
export { violationsOfProgress } from "./oracle/progress";

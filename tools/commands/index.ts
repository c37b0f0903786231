/** The door of the commands: other folders start the service and call its API as the commands do. */

export { assumptions } from "./cost/assumptions";
export { pricesOf } from "./cost/prices";
export { Account } from "./privileges/account";
export { everyPath } from "./privileges/everyPath";
export { exercise } from "./privileges/exercise";
export { exceptionsIn } from "./privileges/exceptions";
export { grantCases, type GrantCase } from "./privileges/grantCases";
export { reportOf } from "./privileges/report";
export { sendGranted } from "./support/grantedUpload";
export { installedLayer } from "./support/installedLayer";
export { LocalService, type Endpoints, type LocalServiceOptions } from "./support/localService";
export { signedFetch } from "./support/signedFetch";
export { startHere } from "./support/startHere";
export { hostileFiles } from "./hostile/corpus";
export { cellsOf } from "./pictures/checks";
export { pictures, type Picture } from "./pictures/corpus";

import type { Check } from "./check";
import { alarms } from "./checks/alarms";
import { badImage } from "./checks/badImage";
import { deadLetters } from "./checks/deadLetters";
import { deletion } from "./checks/deletion";
import { integrations } from "./checks/integrations";
import { delivery } from "./checks/delivery";
import { events } from "./checks/events";
import { largeBodies } from "./checks/largeBodies";
import { notification } from "./checks/notification";
import { oddNames } from "./checks/oddNames";
import { photo } from "./checks/photo";
import { reupload } from "./checks/reupload";
import { smallPicture } from "./checks/smallPicture";
import { unsigned } from "./checks/unsigned";
import { versioning } from "./checks/versioning";

/** In the order in which they run. */
export const checks: readonly Check[] = [
  unsigned,
  integrations,
  versioning,
  notification,
  photo,
  smallPicture,
  reupload,
  badImage,
  oddNames,
  largeBodies,
  deletion,
  delivery,
  events,
  deadLetters,
  alarms,
];

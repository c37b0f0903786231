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
import { unsigned } from "./checks/unsigned";
import { versioning } from "./checks/versioning";

/** In the order in which they run. */
export const checks: readonly Check[] = [
  unsigned,
  integrations,
  versioning,
  notification,
  photo,
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

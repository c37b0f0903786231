import type { Check } from "./check";
import { badImage } from "./checks/badImage";
import { deletion } from "./checks/deletion";
import { photo } from "./checks/photo";
import { reupload } from "./checks/reupload";
import { unsigned } from "./checks/unsigned";

/** In the order in which they run. */
export const checks: readonly Check[] = [unsigned, photo, reupload, badImage, deletion];

// The doors of this room.
export {
  placeOf,
  shortPlace,
  type ConfigFile,
  type Disk,
  type Found,
  type FoundFormat,
  type FoundLog,
  type Place,
} from "./found.ts";
export { joined, readConfig } from "./read-config.ts";
export { ROTATED, unrotated } from "./log-path.ts";

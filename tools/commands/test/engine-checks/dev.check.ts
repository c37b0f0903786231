import { describeLife } from "./life";

describeLife("dev");

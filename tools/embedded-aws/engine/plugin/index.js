// Plain JavaScript, so that the engine's host does not type-check the provider each time that it starts it.
require("tsx/cjs");
require("../main.ts");

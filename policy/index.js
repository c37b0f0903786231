// Plain JavaScript that loads tsx: the engine's host would type-check the pack each time, which takes three times as long.
require("tsx/cjs");
require("./crossguard/pack.ts");

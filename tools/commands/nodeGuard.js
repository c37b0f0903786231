// Says when npm scripts do not run on the Lambda runtime's own major of Node.js, which the `node` package brings.
const wanted = 24;
/** The embedded AWS needs `node:sqlite`. */
const least = 22;
const major = Number(process.versions.node.split(".")[0]);
if (major !== wanted) {
  const fatal = major < least || (process.argv.includes("--strict") && process.env.CI !== undefined);
  console.error(
    `${fatal ? "error" : "warning"}: running on Node ${process.versions.node}, Lambda runs ${wanted}. ` +
      "Run `npm ci` with install scripts allowed, so that the `node` package brings it.",
  );
  if (fatal) process.exit(1);
}

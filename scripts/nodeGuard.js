// Says when npm scripts do not run on the Lambda runtime's own major of Node.js, which the `node` package brings.
const wanted = 24;
const major = Number(process.versions.node.split(".")[0]);
if (major !== wanted) {
  const strict = process.argv.includes("--strict") && process.env.CI;
  console.error(
    `${strict ? "error" : "warning"}: running on Node ${process.versions.node}, Lambda runs ${wanted}. ` +
      "Run `npm ci` with install scripts allowed, so that the `node` package brings it.",
  );
  if (strict || major < 22) process.exit(1);
}

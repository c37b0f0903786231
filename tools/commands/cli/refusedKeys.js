// @ts-check
/** The words of AWS's services and of API Gateway about keys: their errors' codes, or the beginnings of their sentences. */
const REFUSED = new RegExp(
  [
    "ExpiredToken",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "security token included in the request is",
    "request signature we calculated does not match",
  ].join("|"),
);

/**
 * One sentence where AWS refuses the caller's keys: its own tells neither whose they are nor what to do.
 * @param {Error} error
 * @returns {string | undefined} undefined for any other error
 */
function refusedKeys(error) {
  const { name, message } = error;
  if (!REFUSED.test(`${name} ${message}`)) return undefined;
  const [reason = ""] = message.split("\n");
  return (
    `AWS refuses the keys of the environment, which have expired or are wrong (${reason.replace(/\.$/, "")}): ` +
    "log in again, for example with `aws sso login`, or set other keys"
  );
}

module.exports = { refusedKeys };

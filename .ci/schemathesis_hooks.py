"""Signs each request with SigV4, and leaves out requests that the document's schemas take although the service does not."""

import json
import os
import unicodedata
from urllib.parse import unquote

import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from requests.auth import AuthBase


class Signed(AuthBase):
    signer = SigV4Auth(
        Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]),
        "execute-api",
        os.environ["AWS_REGION"],
    )

    def __call__(self, request):
        signed = AWSRequest(request.method, request.url, data=request.body)
        self.signer.add_auth(signed)
        request.headers.update(signed.headers)
        return request


schemathesis.auth.set_from_requests(Signed())


def accepted(name):
    """A regular expression of JSON schema knows no bytes, no invisible characters and no normalisation."""
    return (
        len(name.encode()) <= 200
        and unicodedata.is_normalized("NFC", name)
        and not any(unicodedata.category(character) == "Cf" for character in name)
    )


def exact(value):
    """Whether a JSON value has no number that would lose digits."""
    if isinstance(value, (dict, list)):
        return all(exact(one) for one in (value.values() if isinstance(value, dict) else value))
    return not isinstance(value, (int, float)) or abs(value) < 2**53


@schemathesis.hook
def filter_case(context, case):
    if case.method.upper() == "PUT":
        # API Gateway's integration with S3 fails for a plus sign, with the 502 that the document tells.
        return "+" not in unquote(str(case.path_parameters.get("object")))
    if case.query and case.query.get("cursor"):
        # A cursor is one that a list answered.
        return False
    body = case.body if isinstance(case.body, dict) else {}
    name, metadata = body.get("object"), body.get("metadata")
    return (not isinstance(name, str) or accepted(name)) and (
        not isinstance(metadata, dict) or (exact(metadata) and len(json.dumps(metadata)) <= 1024)
    )

"""Signs each request with SigV4, and leaves out names that the document's schemas take although the service does not."""

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


@schemathesis.hook
def filter_case(context, case):
    if case.method.upper() == "PUT":
        # API Gateway's integration with S3 fails for a plus sign, with the 502 that the document tells.
        return "+" not in unquote(str(case.path_parameters.get("object")))
    name = case.body.get("object") if isinstance(case.body, dict) else None
    return not isinstance(name, str) or accepted(name)

import { expect } from "chai";
import { corsHeaders, preflight } from "../../../handlers/entries/cors";

const origins = ["https://a.example", "https://b.example"];
const exposed = { "access-control-expose-headers": "ETag, Retry-After" };
const from = (origin: string, name = "Origin") => ({ headers: { [name]: origin } });

describe("the headers for pages of other origins", () => {
  it("are none where no origin is allowed", () => {
    expect(corsHeaders([], from("https://a.example"))).to.deep.equal({});
  });

  it("name the page's origin where it is allowed, however the header is written", () => {
    for (const name of ["origin", "Origin", "ORIGIN"]) {
      expect(corsHeaders(origins, from("https://b.example", name))).to.deep.equal({
        vary: "Origin",
        "access-control-allow-origin": "https://b.example",
        ...exposed,
      });
    }
  });

  it("allow no other origin, and tell caches that the answer depends on it", () => {
    for (const event of [from("https://a.example.evil"), from("null"), {}, { headers: null }]) {
      expect(corsHeaders(origins, event)).to.deep.equal({ vary: "Origin" });
    }
  });

  it("allow every origin by an asterisk", () => {
    expect(corsHeaders(["*"], {})).to.deep.equal({ "access-control-allow-origin": "*", ...exposed });
  });

  it("tell in a preflight answer what a page may send", () => {
    expect(preflight(origins, from("https://a.example"))).to.deep.equal({
      statusCode: 204,
      headers: {
        vary: "Origin",
        "access-control-allow-origin": "https://a.example",
        ...exposed,
        "access-control-allow-methods": "DELETE, GET, HEAD, POST, PUT",
        "access-control-allow-headers":
          "Authorization, Content-Type, If-None-Match, X-Amz-Content-Sha256, X-Amz-Date, X-Amz-Security-Token",
        "access-control-max-age": "7200",
      },
      body: "",
    });
    expect(preflight(origins, from("https://c.example")).headers).to.deep.equal({ vary: "Origin" });
  });
});

"""The platform for development in a browser: a tool on another site is launched in its frame,
and its messages are answered."""

from __future__ import annotations

from urllib.parse import urlencode

from playwright.sync_api import Browser, expect

from lti.campus.campus import Campus
from lti.platforms.dynamic import TOOL
from tests.browser.conftest import PATIENCE
from tests.integration.lti.lms import Lms, Reply, Request, serve
from tests.integration.lti.platforms import served

PROBE = """<!doctype html><title>Tool</title><body><pre></pre><script type="module">
const platform = "%s";
const ask = (where, said) => new Promise((done) => {
  const id = crypto.randomUUID();
  addEventListener("message", ({ data, origin }) => {
    if (data.message_id === id && origin === platform) {
      const { message_id, ...rest } = data; done(rest); }
  });
  where.postMessage({ ...said, message_id: id }, platform);
});
const frame = () => parent.frames["relecture_storage"];
const said = [await ask(parent, { subject: "lti.capabilities" }),
  await ask(frame(), { subject: "lti.put_data", key: "state", value: "secret" }),
  await ask(frame(), { subject: "lti.get_data", key: "state" }),
  await ask(frame(), { subject: "lti.get_data", key: "other" })];
parent.postMessage({ subject: "lti.frameResize", height: 1234 }, platform);
document.querySelector("pre").textContent = JSON.stringify(said);
</script>"""


def tool_on(lms: Lms, campus: Campus) -> None:
    """A tool that goes on to the platform at login, and tries its messages out at launch."""
    campus.register(
        campus.invite(),
        {
            "initiate_login_uri": lms.url("/login"),
            "redirect_uris": [lms.url("/launch")],
            "jwks_uri": lms.url("/jwks"),
            "token_endpoint_auth_method": "private_key_jwt",
            "client_name": "Tool",
            TOOL: {"target_link_uri": lms.url("/course")},
        },
    )
    campus.place(campus.clients["client-1"], [{"title": "Semaine 3"}])

    def log_in(request: Request) -> Reply:
        said = {
            name: request.query[name][0] for name in ("client_id", "login_hint", "lti_message_hint")
        }
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "state": "s",
            "nonce": request.query["lti_message_hint"][0],
            "redirect_uri": lms.url("/launch"),
            **said,
        }
        return Reply(b"", 302, {"Location": f"{campus.base}/authorize?{urlencode(asked)}"})

    lms.routes["/login"] = log_in
    lms.routes["/launch"] = lambda _: Reply(
        (PROBE % campus.base).encode(), 200, {"Content-Type": "text/html"}
    )


def test_a_tool_on_another_site_is_launched_keeps_things_and_sets_its_height(
    browser: Browser,
) -> None:
    with serve() as lms, served(30) as campus:
        campus.base = campus.base.replace("127.0.0.1", "localhost")
        tool_on(lms, campus)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(campus.base)
        page.get_by_role("button", name="Open", exact=True).click()
        said = page.frame_locator("#tool").locator("pre")
        expect(said).to_contain_text("lti.get_data.response", timeout=PATIENCE)
        text = said.inner_text()
        assert '{"subject":"lti.put_data","frame":"relecture_storage"}' in text
        assert '{"subject":"lti.put_data.response","key":"state","value":"secret"}' in text
        assert '{"subject":"lti.get_data.response","key":"state","value":"secret"}' in text
        assert '{"subject":"lti.get_data.response","key":"other","value":null}' in text
        expect(page.locator("#tool")).to_have_css("height", "1234px")
        posted = next(asked for asked in lms.asked if asked.path == "/launch")
        assert (
            posted.method == "POST"
            and posted.headers["origin"] == campus.base
            and b"id_token=" in posted.body
        )
        page.close()


def test_a_frame_keeps_nothing_for_who_is_no_registered_tool(browser: Browser) -> None:
    with serve() as lms, served(30) as campus:
        campus.base = campus.base.replace("127.0.0.1", "localhost")
        tool_on(lms, campus)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{campus.base}/storage")
        code = page.evaluate("""() => new Promise((done) => {
            addEventListener("message", ({ data }) => data.error && done(data.error.code));
            postMessage({ subject: "lti.put_data", message_id: "1", key: "k", value: "v" });
        })""")
        assert code == "wrong_origin"
        page.close()


def test_the_registration_page_goes_back_to_the_course_when_the_tool_says_that_it_is_done(
    browser: Browser,
) -> None:
    with serve() as lms, served(30) as campus:
        campus.base = campus.base.replace("127.0.0.1", "localhost")
        done = b"<script>parent.postMessage({subject: 'org.imsglobal.lti.close'}, '*')</script>"
        lms.routes["/register/once"] = lambda _: Reply(done, 200, {"Content-Type": "text/html"})
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(campus.base)
        page.get_by_label("Registration link").fill(lms.url("/register/once"))
        page.get_by_role("button", name="Register", exact=True).click()
        expect(page).to_have_url(f"{campus.base}/", timeout=PATIENCE)
        asked = next(asked for asked in lms.asked if asked.path == "/register/once").query
        assert asked["openid_configuration"] == [f"{campus.base}/.well-known/openid-configuration"]
        assert asked["registration_token"]
        page.close()

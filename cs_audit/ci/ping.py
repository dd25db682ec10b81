"""A dead man's switch: a monitoring service is asked for an address when a run has ended, so that it can tell that
one did not.

The plain address is asked for after success alone, which every such service understands. One that has `{code}` in it is
asked for after every end, with the exit code in its place: healthchecks.io and Better Stack take it as the last part of
the path (`https://hc-ping.com/UUID/{code}`), others as a parameter (`?s={code}`); 0 is success to all of them.
Addresses are secrets: whoever knows one can feign the run. No message shows more of it than its host.
"""

from __future__ import annotations

from cs_audit.worded import NOTHING, Worded, worded

CODE = "{code}"
SECONDS = 10.0


def address(url: str, code: int) -> str:
    """What to ask for after a run that ended with `code`; nothing after a failure of which the service is not told."""
    if CODE in url:
        return url.replace(CODE, str(code))
    return "" if code else url


def fault(url: str) -> Worded:
    """What is wrong with an address, or nothing."""
    import httpx  # noqa: PLC0415 - loaded only where a ping is asked for

    try:
        parsed = httpx.URL(url.replace(CODE, "0"))
    except httpx.InvalidURL:
        return worded("is no address")
    return NOTHING if parsed.scheme in ("https", "http") and parsed.host else worded("is no https address")


def ping(url: str) -> Worded:
    """Ask for the address once, without following it elsewhere; what went wrong, or nothing.

    Args:
        url: a whole address, without fault.
    """
    import httpx  # noqa: PLC0415 - loaded only where a ping is asked for

    from cs_audit.sources.web.hush import hushed  # noqa: PLC0415 - loads httpx

    host = httpx.URL(url).host
    try:
        with hushed(), httpx.stream("GET", url, timeout=SECONDS, headers={"User-Agent": "cs-audit"}) as answer:
            status = answer.status_code
    except httpx.TimeoutException:
        return worded("{host} did not answer within {seconds:.0f} s", host=host, seconds=SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:  # also of proxies in the environment
        return worded("{host} could not be reached ({kind})", host=host, kind=type(error).__name__)
    return NOTHING if 200 <= status < 300 else worded("{host} answered {status}", host=host, status=status)
